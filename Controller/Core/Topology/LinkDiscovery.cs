using NetServ.Controller.Core.Sessions;
using NetServ.Packets;

namespace NetServ.Controller.Core.Topology;

/// <summary>
/// Sends and takes probes at the ports of one switch, and says from them what hangs where. A neighbour is asked for a probe in return as long as
/// none is known, so that a switch which connects late does not wait for the next second.
/// </summary>
public sealed class LinkDiscovery
{
    /// <summary>How long nothing is learned or flooded at a port that came up, milliseconds.</summary>
    public const int ProbingFor = 500;

    /// <summary>Silence after which a link is no more.</summary>
    public const int SilentAfter = 3000;

    /// <summary>How long then nobody is learned there: what hangs there may still be a switch of ours, with rules that we cannot reach.</summary>
    public const int WaryFor = 30_000;

    private const int ProbeEvery = 1000;
    private const int MaxAge = 5000;
    private const int AnswerEvery = 100;
    private const ushort LastPhysical = 0xff00;

    private readonly SwitchState _state;
    private readonly SortedDictionary<ushort, PortWatch> _ports = [];
    private readonly Dictionary<ushort, PortId> _former = [];
    private readonly List<ushort> _gone = [];
    private readonly byte[] _frame = new byte[Probe.MaxSize];
    private readonly Action<ushort, long> _changed;
    private long _nextProbes;

    /// <summary>Nothing known.</summary>
    /// <param name="state">The switch.</param>
    /// <param name="changed">Called with a port that is no edge or no link any more: what was learned and decided for it does not hold.</param>
    public LinkDiscovery(SwitchState state, Action<ushort, long> changed)
    {
        _state = state;
        _changed = changed;
    }

    /// <summary>What hangs at a port.</summary>
    public PortRole RoleOf(ushort port, long now)
    {
        if (!_ports.TryGetValue(port, out PortWatch? watch))
            return PortRole.Down;
        if (watch.Neighbour is not null)
            return PortRole.Link;
        return now - watch.Since < ProbingFor ? PortRole.Probing : PortRole.Edge;
    }

    /// <summary>Whether a neighbour is heard at a port.</summary>
    public bool IsAlive(ushort port) => _ports.TryGetValue(port, out PortWatch? watch) && watch.Neighbour is not null && !watch.IsSilent;

    /// <summary>Takes the ports as they are now: those that came up are probed at once, links of those that went down are gone at once.</summary>
    public void TakePorts(long now)
    {
        foreach (SwitchPort port in _state.Ports.All)
        {
            if (port.Up && _ports.TryAdd(port.Number, NewWatch(port.Number, now)))
                Send(port, asks: true, now);
        }
        _gone.Clear();
        foreach (ushort port in _ports.Keys)
        {
            if (!_state.Ports.IsUp(port))
                _gone.Add(port);
        }
        foreach (ushort port in _gone)
        {
            _ports.Remove(port, out PortWatch? watch);
            if (watch!.Neighbour is { } neighbour)
            {
                _former[port] = neighbour;
                _state.Events.Add(new SessionEvent.LinkLost(_state.Dpid, port));
            }
            _changed(port, now);
        }
    }

    /// <summary>Has Core told of all links again.</summary>
    public void TellAll()
    {
        foreach ((ushort port, PortWatch watch) in _ports)
        {
            if (watch.Neighbour is { } neighbour && !watch.IsSilent)
                _state.Events.Add(new SessionEvent.LinkHeard(new PortId(_state.Dpid, port), neighbour));
        }
    }

    /// <summary>Takes a frame that may be a probe of ours.</summary>
    public void Take(in Frame frame, long now)
    {
        PortId here = new(_state.Dpid, frame.InPort);
        if (!_ports.TryGetValue(frame.InPort, out PortWatch? watch) || _state.View.NodeAt(frame.InPort) is not null)
            return;
        if (!Probe.TryRead(frame.Data, _state.Options.ProbeKey.AsSpan(), out Probe probe) || probe.From == here || now - probe.SentAt is < 0 or > MaxAge)
        {
            _state.Counters.ForeignProbes++;
            return;
        }
        bool same = watch.Neighbour == probe.From;
        // On a medium that several of our ports share, the first one heard stays: such a port is of no link, since the ends differ.
        if ((same && probe.SentAt <= watch.Newest) || (!same && watch.Neighbour is not null && !watch.IsSilent && !watch.IsPresumed))
            return;
        (watch.Newest, watch.HeardAt, watch.IsPresumed) = (probe.SentAt, now, false);
        if (!same || watch.IsSilent)
        {
            bool wasEdge = RoleOf(frame.InPort, now) == PortRole.Edge;
            (watch.Neighbour, watch.IsSilent) = (probe.From, false);
            if (wasEdge)
                _changed(frame.InPort, now);
            _state.Events.Add(new SessionEvent.LinkHeard(here, probe.From));
        }
        if (probe.Asks && now - watch.AnsweredAt >= AnswerEvery)
        {
            watch.AnsweredAt = now;
            Send(frame.InPort, watch, now);
        }
    }

    /// <summary>Lets time pass.</summary>
    public void Tick(long now)
    {
        bool all = now >= _nextProbes;
        if (all)
            _nextProbes = now + ProbeEvery;
        foreach ((ushort port, PortWatch watch) in _ports)
        {
            Watch(port, watch, now);
            if (all || RoleOf(port, now) == PortRole.Probing)
                Send(port, watch, now);
        }
    }

    // A neighbour that has lost us cannot say that it is there, and goes on forwarding: no edge either. Its link stands as far as the map says so.
    private PortWatch NewWatch(ushort port, long now)
    {
        PortWatch watch = new() { Since = now };
        NetworkMap map = _state.View.Snapshot.Map;
        if (map.TryFindPeer(new PortId(_state.Dpid, port), out PortId peer) && map.IsAway(peer.Dpid))
            (watch.Neighbour, watch.IsPresumed, watch.HeardAt) = (peer, true, now);
        else if ((_former.TryGetValue(port, out PortId neighbour) || map.Known.TryGetValue(new PortId(_state.Dpid, port), out neighbour)) && !map.IsAtWork(neighbour.Dpid))
            (watch.Neighbour, watch.IsSilent, watch.HeardAt) = (neighbour, true, now);
        return watch;
    }

    private void Watch(ushort port, PortWatch watch, long now)
    {
        if (watch.Neighbour is not { } neighbour || now - watch.HeardAt <= SilentAfter)
            return;
        // It cannot send probes, and goes on forwarding: whether it is still there Core says.
        if (_state.View.Snapshot.Map.IsAway(neighbour.Dpid))
        {
            watch.HeardAt = now;
        }
        else if (!watch.IsSilent)
        {
            watch.IsSilent = true;
            _state.Events.Add(new SessionEvent.LinkLost(_state.Dpid, port));
            _changed(port, now);
        }
        // A switch that we have lost may go on forwarding: its hosts would be heard now here, now there. One that is at work and not heard is not there.
        else if (now - watch.HeardAt > SilentAfter + WaryFor && _state.View.Snapshot.Map.Contains(neighbour.Dpid))
        {
            (watch.Neighbour, watch.IsSilent, watch.Since) = (null, false, now);
        }
    }

    private void Send(ushort port, PortWatch watch, long now)
    {
        if (_state.Ports.TryFind(port, out SwitchPort? found))
            Send(found, watch.Neighbour is null || watch.IsSilent, now);
    }

    private void Send(SwitchPort port, bool asks, long now)
    {
        if (port.Number > LastPhysical || _state.View.NodeAt(port.Number) is not null)
            return;
        int length = new Probe(new PortId(_state.Dpid, port.Number), now, asks).Write(_frame, port.Address, _state.Options.ProbeKey.AsSpan());
        _state.Writer.Originate(_frame.AsSpan(0, length), port.Number);
    }
}

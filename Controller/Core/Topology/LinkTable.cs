using System.Collections.Immutable;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Store;

namespace NetServ.Controller.Core.Topology;

/// <summary>
/// Which port hears which, as sessions tell, and the map that follows. Only where both ends hear each other is a link: a port at which a probe
/// is played back cannot make its origin hear it. A loss changes the map at once; what comes waits for the next tick, so that a
/// thousand links which come together cost one map.
/// </summary>
public sealed class LinkTable(CoreContext context, ushort domain)
{
    /// <summary>
    /// How long a switch whose connection is gone stays part of the map, milliseconds: it forwards by its rules, and what leads there, or to nodes behind it, is
    /// left as it is. A port next to it that goes down says otherwise, at once.
    /// </summary>
    public const int AwayFor = 15_000;

    private readonly Dictionary<PortId, PortId> _heard = [];
    private readonly HashSet<ulong> _switches = [];
    private readonly Dictionary<ulong, long> _away = [];
    private readonly Dictionary<PortId, long> _doubtful = [];
    private readonly LinkBook _kept = new(context, domain);
    private bool _grown;

    /// <summary>The map in force.</summary>
    public NetworkMap Map { get; private set; } = NetworkMap.Empty;

    /// <summary>Whether a switch has lost its connection a moment ago.</summary>
    internal bool IsAway(ulong dpid) => _away.ContainsKey(dpid);

    /// <summary>Takes the links of an earlier life. Nobody has told of them yet: all their switches are away, so what leads there is left as it is.</summary>
    internal void Restore(IEnumerable<StoreRecord> records)
    {
        _kept.Restore(records);
        foreach ((PortId end, PortId peer) in _kept.Peers)
        {
            _heard[end] = peer;
            _switches.Add(end.Dpid);
            _away[end.Dpid] = context.Now + AwayFor;
        }
        if (_heard.Count > 0)
            Use(MapOf(Heard()));
    }

    /// <summary>Takes the ports of a switch as they are now: where no link is up nothing is kept.</summary>
    internal void TakePorts(ulong dpid, ImmutableArray<SwitchPort> ports)
    {
        foreach (PortId end in _kept.Peers.Keys.Where(e => e.Dpid == dpid && !ports.Any(p => p.Number == e.Port && p.Up)))
        {
            _kept.Drop(end);
            _grown = true;
        }
    }

    // What it heard before holds if it hears it again as soon as silence would have ended it, or sooner if the port is down.
    internal void AddSwitch(ulong dpid, ImmutableArray<SwitchPort> ports)
    {
        _grown |= _switches.Add(dpid) | _away.Remove(dpid);
        TakePorts(dpid, ports);
        foreach (PortId port in _heard.Keys.Where(p => p.Dpid == dpid).ToArray())
        {
            if (ports.Any(p => p.Number == port.Port && p.Up))
                _doubtful[port] = context.Now + LinkDiscovery.SilentAfter;
            else
                Lost(port);
        }
    }

    internal void NoteAway(ulong dpid)
    {
        if (!_switches.Contains(dpid))
            return;
        _away[dpid] = context.Now + AwayFor;
        Rebuild();
    }

    private void RemoveSwitch(ulong dpid)
    {
        _away.Remove(dpid);
        _switches.Remove(dpid);
        // What others hear of it stays: they may hear it again before they notice that it was away, and then say nothing.
        foreach (PortId port in _heard.Keys.Where(p => p.Dpid == dpid).ToArray())
            _heard.Remove(port);
        Rebuild();
    }

    internal void Heard(PortId at, PortId from)
    {
        _doubtful.Remove(at);
        bool changed = !_heard.TryGetValue(at, out PortId before) || before != from;
        _heard[at] = from;
        _grown |= changed;
    }

    internal void Lost(PortId at)
    {
        _doubtful.Remove(at);
        if (_heard.Remove(at, out PortId from) && _switches.Contains(from.Dpid))
            Rebuild();
    }

    internal void Tick()
    {
        foreach (ulong dpid in _away.Where(a => a.Value <= context.Now).Select(a => a.Key).ToArray())
            RemoveSwitch(dpid);
        foreach (PortId port in _doubtful.Where(d => d.Value <= context.Now).Select(d => d.Key).ToArray())
            Lost(port);
        if (_grown)
            Rebuild();
    }

    private void Rebuild()
    {
        _grown = false;
        NetworkMap before = Map;
        Link[] links = Heard();
        _kept.Take(links, IsAtWork);
        NetworkMap next = MapOf(links);
        if (before.IsSameAway(next) && before.Switches.SequenceEqual(next.Switches) && before.Links.AsSpan().SequenceEqual(next.Links) && before.Known == next.Known)
            return;
        Use(next);
        foreach (Link link in before.Links.Except(Map.Links))
            context.Report("link-down", $"the link {link} is gone", Fields(link));
        foreach (Link link in Map.Links.Except(before.Links))
            context.Report("link-up", $"the link {link} is there", Fields(link));
    }

    // From both ends, of different switches.
    private Link[] Heard() =>
        [.. _heard.Where(h => h.Key.IsBefore(h.Value) && h.Key.Dpid != h.Value.Dpid && _heard.TryGetValue(h.Value, out PortId back) && back == h.Key).Select(h => new Link(h.Key, h.Value))];

    private NetworkMap MapOf(Link[] links) => new(_switches, links, _away.Keys) { Known = _kept.Peers };

    private bool IsAtWork(ulong dpid) => _switches.Contains(dpid) && !_away.ContainsKey(dpid);

    private void Use(NetworkMap map)
    {
        Map = map;
        context.Changed = true;
    }

    private static (string Name, object Value)[] Fields(Link link) =>
        [("dpid", link.A.Dpid), ("port", link.A.Port), ("peerDpid", link.B.Dpid), ("peerPort", link.B.Port)];
}

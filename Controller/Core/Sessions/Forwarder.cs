using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>The learning switch under the steering: who lives where, and the rules that follow from it.</summary>
public sealed class Forwarder
{
    private readonly SwitchState _state;
    private readonly List<RuleKey> _affected = [];

    /// <summary>A forwarder for one switch.</summary>
    public Forwarder(SwitchState state) => _state = state;

    /// <summary>Notes where a packet's sender lives; if he moved, the rules towards and from his old place go with him.</summary>
    public void Learn(in FlowKey key, long now)
    {
        if (_state.Macs.Learn(key.DlSrc, key.DlVlan, key.InPort, now, out ushort before))
            Move(key.DlSrc, key.DlVlan, before, key.InPort, now);
    }

    /// <summary>Sends a frame where its destination lives, by a rule from now on if <paramref name="mayInstall"/>, else everywhere.</summary>
    public void Forward(in Frame frame, in FlowKey key, bool mayInstall, long now)
    {
        if (key.DlDst.IsMulticast || !_state.Macs.TryFind(key.DlDst, key.DlVlan, out ushort port))
        {
            Flood(frame, PortNo.None);
        }
        else if (port == key.InPort)
        {
            _state.Writer.Drop(frame);
        }
        else
        {
            if (mayInstall && !key.DlSrc.IsMulticast)
                Install(key.InPort, key.DlVlan, key.DlSrc, key.DlDst, port, now);
            _state.Writer.PacketOut(frame, port);
        }
    }

    /// <summary>Sends a frame to every port that floods but nodes', its own, and <paramref name="except"/>.</summary>
    public void Flood(in Frame frame, ushort except)
    {
        _state.Counters.Floods++;
        _state.Writer.PacketOut(frame, _state.Ports.Flooding, except, _state.View);
    }

    /// <summary>Makes sure of a forwarding rule where the destination is known and elsewhere.</summary>
    public void Ensure(ushort inPort, ushort vlan, MacAddress source, MacAddress destination, long now)
    {
        if (_state.Macs.TryFind(destination, vlan, out ushort port) && port != inPort)
            Install(inPort, vlan, source, destination, port, now);
    }

    /// <summary>Sends the catch rules that are missing for the filters which <paramref name="forwarding"/> would shadow.</summary>
    public void CatchBefore(in Match forwarding, long now)
    {
        SwitchView view = _state.View;
        for (int i = 0; i < view.Snapshot.Filters.Length; i++)
        {
            FilterEntry filter = view.Snapshot.Filters[i];
            if (view.IsServed(i) && filter.Match.Overlaps(forwarding))
                Catch(filter, now);
        }
    }

    /// <summary>Makes sure of a filter's catch rule. Two filters with the same match share one, under the first one's cookie.</summary>
    public void Catch(FilterEntry filter, long now)
    {
        if (!_state.Rules.All.ContainsKey(new RuleKey(filter.Match, Bands.Catch)))
            _state.Rules.EnsureOnce(RuleKind.Catch, filter.Match, filter.OwnerId, PortNo.Controller, 0, now);
    }

    /// <summary>Forgets who lives at a port and the rules that lead there or begin there.</summary>
    public void ForgetPort(ushort port, long now)
    {
        _state.Macs.ForgetPort(port);
        Collect((in key, in rule) => rule.Kind is RuleKind.Forwarding or RuleKind.Return
            && (rule.OutPort == port || (rule.Kind == RuleKind.Forwarding && key.Match.InPort == port)));
        DeleteCollected(now);
    }

    private void Install(ushort inPort, ushort vlan, MacAddress source, MacAddress destination, ushort port, long now)
    {
        Match match = RuleMatches.Forwarding(inPort, vlan, source, destination);
        CatchBefore(match, now);
        _state.Rules.Ensure(RuleKind.Forwarding, match, 0, port, _state.Options.ForwardingIdleSeconds, now);
    }

    // Rules from the old place go, or a move back would not be seen; rules towards it are turned to the new one.
    private void Move(MacAddress address, ushort vlan, ushort before, ushort port, long now)
    {
        Collect((in key, in rule) => IsFrom(key, rule, address, vlan, before));
        DeleteCollected(now);
        Collect((in key, in rule) => rule.Kind is RuleKind.Forwarding or RuleKind.Return && key.Match.DlDst == address && key.Match.DlVlan == vlan);
        foreach (RuleKey key in _affected)
        {
            Rule rule = _state.Rules.All[key];
            bool isReturn = rule.Kind == RuleKind.Return;
            if (key.Match.InPort == port && !isReturn)
                _state.Rules.Delete(key, now);
            else
                _state.Rules.Ensure(rule.Kind, key.Match, rule.OwnerId, key.Match.InPort == port ? PortNo.InPort : port, rule.IdleSeconds, now);
        }
    }

    private bool IsFrom(in RuleKey key, in Rule rule, MacAddress address, ushort vlan, ushort port)
    {
        if (key.Match.InPort != port || key.Match.DlVlan != vlan)
            return false;
        return rule.Kind switch
        {
            RuleKind.Forwarding => key.Match.DlSrc == address,
            RuleKind.Steering => _state.Pins.TryFind(key.Flow, out Pin pin) && pin.Source == address,
            _ => false,
        };
    }

    private delegate bool RuleFilter(in RuleKey key, in Rule rule);

    private void Collect(RuleFilter wanted)
    {
        _affected.Clear();
        foreach ((RuleKey key, Rule rule) in _state.Rules.All)
        {
            if (wanted(key, rule))
                _affected.Add(key);
        }
    }

    private void DeleteCollected(long now)
    {
        foreach (RuleKey key in _affected)
            _state.Rules.Delete(key, now);
    }
}

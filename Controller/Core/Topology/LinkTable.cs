namespace NetServ.Controller.Core.Topology;

/// <summary>
/// Which port hears which, as sessions tell, and the map that follows. Only where both ends hear each other is a link: a port at which a probe
/// is played back cannot make its origin hear it. A loss changes the map at once; what comes waits for the next tick, so that a
/// thousand links which come together cost one map.
/// </summary>
public sealed class LinkTable(CoreContext context)
{
    private readonly Dictionary<PortId, PortId> _heard = [];
    private readonly HashSet<ulong> _switches = [];
    private bool _grown;

    /// <summary>The map in force.</summary>
    public NetworkMap Map { get; private set; } = NetworkMap.Empty;

    internal void AddSwitch(ulong dpid) => _grown |= _switches.Add(dpid);

    internal void RemoveSwitch(ulong dpid)
    {
        if (!_switches.Remove(dpid))
            return;
        // What others hear of it stays: they may hear it again before they notice that it was away, and then say nothing.
        foreach (PortId port in _heard.Keys.Where(p => p.Dpid == dpid).ToArray())
            _heard.Remove(port);
        Rebuild();
    }

    internal void Heard(PortId at, PortId from)
    {
        bool changed = !_heard.TryGetValue(at, out PortId before) || before != from;
        _heard[at] = from;
        _grown |= changed;
    }

    internal void Lost(PortId at)
    {
        if (_heard.Remove(at, out PortId from) && _switches.Contains(from.Dpid))
            Rebuild();
    }

    internal void Tick()
    {
        if (_grown)
            Rebuild();
    }

    private void Rebuild()
    {
        _grown = false;
        NetworkMap before = Map;
        Map = new NetworkMap(_switches, _heard.Where(h => _heard.TryGetValue(h.Value, out PortId back) && back == h.Key).Select(h => Link.Between(h.Key, h.Value)));
        if (before.Switches.SequenceEqual(Map.Switches) && before.Links.AsSpan().SequenceEqual(Map.Links))
        {
            Map = before;
            return;
        }
        context.Changed = true;
        foreach (Link link in before.Links.Except(Map.Links))
            context.Report("link-down", $"the link {link} is gone", Fields(link));
        foreach (Link link in Map.Links.Except(before.Links))
            context.Report("link-up", $"the link {link} is there", Fields(link));
    }

    private static (string Name, object Value)[] Fields(Link link) =>
        [("dpid", link.A.Dpid), ("port", link.A.Port), ("peerDpid", link.B.Dpid), ("peerPort", link.B.Port)];
}

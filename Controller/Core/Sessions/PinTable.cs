using System.Runtime.InteropServices;
using NetServ.Controller.Core.Steering;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>A flow's place.</summary>
public struct Pin
{
    /// <summary>Its node.</summary>
    public uint NodeId { get; set; }

    /// <summary>Where the flow comes in.</summary>
    public ushort InPort { get; set; }

    /// <summary>Steering rules that it has.</summary>
    public int Rules { get; set; }

    /// <summary>When it ends, while it has no rule; milliseconds.</summary>
    public long EndsAt { get; set; }
}

/// <summary>
/// Which node each flow is on. A flow stays where it is while it has a rule and one idle time longer, also when the pool grows. Loads are
/// exact: a node is on one switch, and all flows of a switch are here.
/// </summary>
public sealed class PinTable
{
    private readonly Dictionary<FiveTuple, Pin> _pins = [];
    private readonly int _limit;
    private readonly int _keepFor;
    private SwitchView _view;
    private int[] _load;
    private int[] _noLoad;

    /// <summary>An empty table.</summary>
    /// <param name="view">The nodes.</param>
    /// <param name="limit">Flows it holds.</param>
    /// <param name="keepFor">Milliseconds that a flow stays after its last rule went.</param>
    public PinTable(SwitchView view, int limit, int keepFor)
    {
        _view = view;
        _limit = limit;
        _keepFor = keepFor;
        _load = new int[view.Nodes.Length];
        _noLoad = new int[view.Nodes.Length];
    }

    /// <summary>All flows.</summary>
    public IReadOnlyDictionary<FiveTuple, Pin> All => _pins;

    /// <summary>Flows on the nodes of the view, in its order.</summary>
    public ReadOnlySpan<int> Load => _load;

    /// <summary>Where a flow is.</summary>
    public bool TryFind(in FiveTuple flow, out Pin pin) => _pins.TryGetValue(flow, out pin);

    /// <summary>The node for a packet's flow: where it is, if that is a candidate, else the least loaded.</summary>
    /// <param name="key">The packet.</param>
    /// <param name="candidates">A non-empty set of nodes.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="placed">Whether the flow got a new place.</param>
    public NodeEntry Place(in FlowKey key, ulong candidates, long now, out bool placed)
    {
        FiveTuple flow = key.Tuple;
        placed = false;
        if (_pins.TryGetValue(flow, out Pin pin) && (_view.BitOf(pin.NodeId) & candidates) != 0)
            return _view.Nodes[System.Numerics.BitOperations.TrailingZeroCount(_view.BitOf(pin.NodeId))];
        placed = true;
        if (_pins.Count >= _limit && !_pins.ContainsKey(flow))
            return _view.Nodes[_view.Place(candidates, _noLoad, flow)];
        AddLoad(pin.NodeId, -1);
        int index = _view.Place(candidates, _load, flow);
        NodeEntry node = _view.Nodes[index];
        _load[index]++;
        ref Pin entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_pins, flow, out bool known)!;
        entry.NodeId = node.NodeId;
        if (!known)
            (entry.InPort, entry.EndsAt) = (key.InPort, now + _keepFor);
        return node;
    }

    /// <summary>Puts a flow on a node, as a rule that is already on the switch has it.</summary>
    public void Adopt(in FiveTuple flow, uint nodeId, ushort inPort, long now)
    {
        if (_pins.Count >= _limit || !_pins.TryAdd(flow, new Pin { NodeId = nodeId, InPort = inPort, EndsAt = now + _keepFor }))
            return;
        AddLoad(nodeId, 1);
    }

    /// <summary>A flow got one more steering rule, or (-1) one less.</summary>
    public void CountRule(in FiveTuple flow, int change, long now)
    {
        ref Pin pin = ref CollectionsMarshal.GetValueRefOrNullRef(_pins, flow);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref pin))
            return;
        pin.Rules += change;
        if (pin.Rules <= 0)
            pin.EndsAt = now + _keepFor;
    }

    /// <summary>Forgets a flow.</summary>
    public void Remove(in FiveTuple flow)
    {
        if (_pins.Remove(flow, out Pin pin))
            AddLoad(pin.NodeId, -1);
    }

    /// <summary>Forgets the flows whose time is over.</summary>
    public void Expire(long now)
    {
        foreach ((FiveTuple flow, Pin pin) in _pins)
        {
            if (pin.Rules <= 0 && pin.EndsAt <= now)
                Remove(flow);
        }
    }

    /// <summary>Takes another view; flows on nodes that it does not have stay until they are placed anew.</summary>
    public void Use(SwitchView view)
    {
        _view = view;
        _load = new int[view.Nodes.Length];
        _noLoad = new int[view.Nodes.Length];
        foreach (Pin pin in _pins.Values)
            AddLoad(pin.NodeId, 1);
    }

    private void AddLoad(uint nodeId, int change)
    {
        ulong bit = nodeId == 0 ? 0 : _view.BitOf(nodeId);
        if (bit != 0)
            _load[System.Numerics.BitOperations.TrailingZeroCount(bit)] += change;
    }
}

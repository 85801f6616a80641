using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>
/// Who lives where, and by which port to reach him, as one switch sees it. Where the switch learns for itself its own table says so; where frames
/// are routed, the loop's directory and the map do. Asked for every packet: no allocation.
/// </summary>
public sealed class Places
{
    /// <summary>
    /// How long a link that becomes one of the flood tree waits: longer than a flood is under way. So whatever links a flood uses were in every
    /// tree that was in force meanwhile, and it reaches nobody twice.
    /// </summary>
    public const int FloodHold = 200;

    private readonly SwitchState _state;
    private readonly MacTable? _learned;
    private NetworkMap _map = NetworkMap.Empty;
    private int _me = -1;
    private NetworkMap? _former;
    private long _formerUntil;
    private bool _usesFormer;
    private (ushort Port, long OpenAt)[] _tree = [];
    private ushort[] _flood = new ushort[64];

    /// <summary>Nobody known but whom the directory knows.</summary>
    public Places(SwitchState state, HostDirectory hosts)
    {
        _state = state;
        Hosts = hosts;
        _learned = state.Options.Forwarding == ForwardingMode.Learning ? new MacTable(state.Options.MacSets) : null;
    }

    /// <summary>The loop's directory.</summary>
    public HostDirectory Hosts { get; }

    /// <summary>Whether frames are routed.</summary>
    public bool IsRouted => _learned is null;

    /// <summary>What hangs at a port.</summary>
    public PortRole RoleOf(ushort port, long now)
    {
        if (_state.View.NodeAt(port) is not null)
            return PortRole.Node;
        return IsRouted ? _state.Links.RoleOf(port, now) : PortRole.Edge;
    }

    /// <summary>By which port frames of a pair leave towards the destination; false if it is unknown or cannot be reached.</summary>
    public bool TryFind(MacAddress source, MacAddress destination, ushort vlan, out ushort port, ushort from = PortNo.None) =>
        TryFind(source, destination, vlan, out port, out _, from);

    /// <summary>The same, and whether the destination is at this switch: always where that learns for itself, which knows of no other.</summary>
    /// <param name="source">Who sends.</param>
    /// <param name="destination">For whom.</param>
    /// <param name="vlan">The VLAN id that the frames have of themselves.</param>
    /// <param name="port">By which port they leave.</param>
    /// <param name="isHere">Whether the destination is at this switch.</param>
    /// <param name="from">By which port they came in: what is under way while the map changes does not turn back.</param>
    public bool TryFind(MacAddress source, MacAddress destination, ushort vlan, out ushort port, out bool isHere, ushort from = PortNo.None)
    {
        isHere = true;
        if (_learned is not null)
            return _learned.TryFind(destination, vlan, out port);
        port = 0;
        if (!Hosts.TryFind(new HostKey(destination, vlan), out PortId at))
            return false;
        isHere = at.Dpid == _state.Dpid;
        if (!isHere)
            return TryRoute(source, destination, at.Dpid, out port, from);
        port = at.Port;
        return _state.Ports.IsUp(port);
    }

    /// <summary>
    /// Whether there is no way to a host at another switch that is there: lost a moment ago, or not found yet. Other switches may have ways to him still, or
    /// already: each would send on its copy of a flood, so that he gets several.
    /// </summary>
    public bool IsCutOff(MacAddress destination, ushort vlan)
    {
        if (_learned is not null || !Hosts.TryFind(new HostKey(destination, vlan), out PortId at) || at.Dpid == _state.Dpid)
            return false;
        return _me >= 0 && _map.Contains(at.Dpid) && !TryRoute(default, destination, at.Dpid, out _);
    }

    /// <summary>Whether frames of a host may come in by a port: false only if he is known to live where they would not.</summary>
    public bool MayComeIn(MacAddress source, ushort vlan, ushort port, long now)
    {
        if (_learned is not null)
            return !_learned.TryFind(source, vlan, out ushort known) || known == port;
        PortRole role = RoleOf(port, now);
        if (role is PortRole.Down or PortRole.Node)
            return false;
        if (!Hosts.TryFind(new HostKey(source, vlan), out PortId at))
            return true;
        return role == PortRole.Link ? at.Dpid != _state.Dpid : at == new PortId(_state.Dpid, port);
    }

    /// <summary>Whether a host is known.</summary>
    public bool IsKnown(MacAddress address, ushort vlan) => _learned?.TryFind(address, vlan, out _) ?? Hosts.TryFind(new HostKey(address, vlan), out _);

    /// <summary>The port of this switch where a host lives, if it is one of this switch.</summary>
    public bool TryFindHere(MacAddress address, ushort vlan, out ushort port)
    {
        if (_learned is not null)
            return _learned.TryFind(address, vlan, out port);
        bool known = Hosts.TryFind(new HostKey(address, vlan), out PortId at);
        port = at.Port;
        return known && at.Dpid == _state.Dpid;
    }

    /// <summary>Notes where a host is heard.</summary>
    /// <param name="key">Who.</param>
    /// <param name="port">Where.</param>
    /// <param name="address">The IPv4 address that it names as its own, zero for none.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="isSure">Whether it is there in any case.</param>
    public HostNews Hear(HostKey key, ushort port, Ipv4Address address, long now, bool isSure)
    {
        if (_learned is not null)
            return _learned.Learn(key.Address, key.Vlan, port, now, out _) ? HostNews.Moved : HostNews.None;
        PortId at = new(_state.Dpid, port);
        HostNews news = Hosts.Hear(key, at, address, now, isSure);
        if (news is HostNews.None or HostNews.Echo)
            return news;
        // With the name that it has, where this frame names none: others may have heard of neither.
        _state.Heard.Add(Hosts.PlaceOf(key));
        if (Hosts.News.IsSpent)
            _state.SetWaiting(true);
        return news;
    }

    /// <summary>Forgets who lives at a port.</summary>
    public void Forget(ushort port, long now)
    {
        if (_learned is not null)
            _learned.ForgetPort(port);
        else
            Hosts.Forget(new PortId(_state.Dpid, port), now, _state.Heard);
    }

    /// <summary>Takes a map into force; returns what changes by that, null if it is the one in force.</summary>
    public RouteChanges? Use(NetworkMap map, long now)
    {
        if (!IsRouted || ReferenceEquals(map, _map))
            return null;
        RouteChanges changes = new(_state, (_map, _me), (map, map.IndexOf(_state.Dpid)));
        (_former, _formerUntil) = (_map, now + FloodHold);
        _map = map;
        _me = map.IndexOf(_state.Dpid);
        ReadOnlySpan<ushort> ports = _me < 0 ? [] : map.TreePorts(_me);
        (ushort Port, long OpenAt)[] tree = new (ushort, long)[ports.Length];
        for (int i = 0; i < ports.Length; i++)
            tree[i] = (ports[i], OpenAt(ports[i]) ?? now + FloodHold);
        _tree = tree;
        return changes;
    }

    /// <summary>Whether a flood that came in by a port goes on: one that came by a link which is not of the tree was here already, or will be.</summary>
    public bool MayFlood(ushort from, long now) =>
        RoleOf(from, now) switch
        {
            PortRole.Edge or PortRole.Node => true,
            PortRole.Link => OpenAt(from) <= now,
            _ => false,
        };

    /// <summary>
    /// Whether a frame that came in by a link is a copy of a flood that began when nobody knew yet where its destination is: whoever sent it here would not have
    /// done so by a route. Sent on by one it would be a second copy.
    /// </summary>
    public bool IsFloodOfOld(MacAddress destination, ushort vlan, ushort from, long now)
    {
        HostKey host = new(destination, vlan);
        return IsRouted && Hosts.IsNew(host, now, FloodHold) && Hosts.TryFind(host, out PortId at) && at.Dpid != _state.Dpid && OpenAt(from) <= now
            && !IsByRoute(_map, from, at.Dpid) && (_former is null || !IsByRoute(_former, from, at.Dpid));
    }

    // One that is away goes by rules that nobody turns.
    private bool IsByRoute(NetworkMap map, ushort from, ulong dpid)
    {
        int to = map.IndexOf(dpid);
        return to < 0 || !map.TryFindPeer(new PortId(_state.Dpid, from), out PortId sender) || map.IsAway(sender.Dpid)
            || map.NextPorts(map.IndexOf(sender.Dpid), to).Contains(sender.Port);
    }

    /// <summary>The ports of a flood: edges, and links of the tree; nodes' ports are none of them. Valid until the next call.</summary>
    public ReadOnlySpan<ushort> FloodPorts(long now) => FloodPorts(now, out _);

    /// <summary>The same; the first <paramref name="edgeCount"/> are edges.</summary>
    public ReadOnlySpan<ushort> FloodPorts(long now, out int edgeCount)
    {
        ushort[] edges = _state.Ports.Flooding;
        if (_flood.Length < edges.Length + _tree.Length)
            _flood = new ushort[2 * (edges.Length + _tree.Length)];
        int count = 0;
        foreach (ushort port in edges)
        {
            if (RoleOf(port, now) == PortRole.Edge)
                _flood[count++] = port;
        }
        edgeCount = count;
        foreach ((ushort port, long openAt) in _tree)
        {
            if (openAt <= now && _state.Links.IsAlive(port))
                _flood[count++] = port;
        }
        return _flood.AsSpan(0, count);
    }

    private long? OpenAt(ushort port)
    {
        foreach ((ushort known, long openAt) in _tree)
        {
            if (known == port)
                return openAt;
        }
        return null;
    }

    /// <summary>By which port frames leave towards another switch; false if no way is known.</summary>
    internal bool TryRoute(MacAddress source, MacAddress destination, ulong dpid, out ushort port, ushort from = PortNo.None)
    {
        if (!TryRoute(_map, _me, source, destination, dpid, out port))
            return false;
        // Whoever sent it here did so by the map before this one, and it goes on by that: nobody who goes by this map sends it back, so that it comes nearer
        // by the one and then by the other, and never round.
        if (port == from && _former is { } former && TryRoute(former, former.IndexOf(_state.Dpid), source, destination, dpid, out ushort before) && before != from)
            (port, _usesFormer) = (before, true);
        return true;
    }

    /// <summary>Lets time pass; returns whether rules are to be decided anew, because they may lead where only what was under way had to go.</summary>
    public bool Tick(long now)
    {
        if (_former is null || now < _formerUntil)
            return false;
        bool used = _usesFormer;
        (_former, _usesFormer) = (null, false);
        return used;
    }

    // Ports whose neighbour is silent are left out before the next map says so: that is sooner by the way to Core and back.
    private bool TryRoute(NetworkMap map, int me, MacAddress source, MacAddress destination, ulong dpid, out ushort port)
    {
        port = 0;
        int to = map.IndexOf(dpid);
        if (me < 0 || to < 0)
            return false;
        ReadOnlySpan<ushort> next = map.NextPorts(me, to);
        if (next.IsEmpty)
            return false;
        uint hash = HashOf(source, destination);
        for (int tried = 0; tried < next.Length; tried++)
        {
            port = next[(int)((hash + (uint)tried) % (uint)next.Length)];
            if (_state.Links.IsAlive(port))
                return true;
        }
        return false;
    }

    // With the switch in it: the same choice at each hop would leave half of the paths behind the second one unused.
    private uint HashOf(MacAddress source, MacAddress destination)
    {
        ulong hash = (source.Value * 0x9e3779b97f4a7c15) ^ ((destination.Value + _state.Dpid) * 0xc2b2ae3d27d4eb4f);
        hash ^= hash >> 29;
        hash *= 0xbf58476d1ce4e5b9;
        return (uint)(hash >> 32);
    }
}

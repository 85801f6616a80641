using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.Packets;

namespace NetServ.Controller.Core.Verification;

/// <summary>Finds the things of a picture, and says what they are called.</summary>
internal sealed class PictureIndex
{
    private readonly Dictionary<ulong, PictureSwitch> _switches;
    private readonly Dictionary<PortId, PortRole> _roles = [];
    private readonly Dictionary<PortId, PortId> _peers = [];
    private readonly Dictionary<PortId, PictureNode> _nodes;
    private readonly Dictionary<uint, PictureFilter> _filters;
    private readonly Dictionary<ushort, ReservedTag> _tags;
    private readonly HashSet<uint> _served;
    private readonly ILookup<PortId, PictureHost> _hosts;

    public PictureIndex(NetworkPicture picture)
    {
        Picture = picture;
        _switches = picture.Switches.ToDictionary(s => s.Dpid);
        foreach (PictureSwitch at in picture.Switches)
            foreach (PicturePort port in at.Ports)
                _roles[new PortId(at.Dpid, port.Number)] = port.Role;
        foreach (Link link in picture.Links)
        {
            _peers[link.A] = link.B;
            _peers[link.B] = link.A;
        }
        _nodes = picture.Nodes.ToDictionary(n => n.At);
        _filters = picture.Filters.ToDictionary(f => f.OwnerId);
        _tags = picture.Tags.ToDictionary(t => t.Tag);
        _served = [.. picture.Nodes.Where(n => n.TakesNew).SelectMany(n => n.Active)];
        _hosts = picture.Hosts.ToLookup(h => h.At);
    }

    public NetworkPicture Picture { get; }

    public PictureSwitch? SwitchOf(ulong dpid) => _switches.GetValueOrDefault(dpid);

    public PortRole RoleOf(PortId port) => _roles.GetValueOrDefault(port);

    /// <summary>The other end of the link at a port, null where there is no link or the other end is down.</summary>
    public PortId? PeerOf(PortId port) => _peers.TryGetValue(port, out PortId peer) && RoleOf(peer) != PortRole.Down ? peer : null;

    public PictureNode? NodeAt(PortId port) => _nodes.GetValueOrDefault(port);

    public PictureFilter? FilterOf(uint owner) => _filters.GetValueOrDefault(owner);

    /// <summary>Whether a filter's packets have to be processed or dropped: it is fail-closed, or some node that takes flows runs its module.</summary>
    public bool Binds(PictureFilter filter) => filter.FailClosed || _served.Contains(filter.OwnerId);

    public ReservedTag? TagOf(ushort vlan) => _tags.GetValueOrDefault(vlan);

    public IEnumerable<PictureHost> HostsAt(PortId port) => _hosts[port];

    public string NameOf(PortId port) => $"{SwitchOf(port.Dpid)?.Name ?? $"{port.Dpid:x16}"}:{port.Port}";

    public string NameOf(uint owner) => FilterOf(owner)?.ToString() ?? $"owner {owner:x8}, whose filter is not in force";

    /// <summary>"steering rule of alice's KeepAlive_1.0.0 (owner 0000002a)", "return rule of node1"; "rule of another" for one that is not ours.</summary>
    public string Explain(PictureRule rule)
    {
        if (!RuleCookie.TryRead(rule.Cookie, out RuleCookie cookie))
            return "rule of another";
        string kind = $"{cookie.Kind.ToString().ToLowerInvariant()} rule";
        return cookie switch
        {
            { OwnerId: 0 } => kind,
            { Kind: RuleKind.Return or RuleKind.Guard } => $"{kind} of {NodeName(cookie.OwnerId)}",
            { Kind: RuleKind.Transit } => $"{kind} to {NodeName(cookie.OwnerId)}",
            _ => $"{kind} of {NameOf(cookie.OwnerId)}",
        };
    }

    /// <summary>"untagged", "VLAN 5", or what a reserved tag means.</summary>
    public string NameOfVlan(ushort vlan)
    {
        if (vlan == FlowKey.NoVlan)
            return "untagged";
        if (TagOf(vlan) is not { } tag)
            return $"VLAN {vlan}";
        string inner = tag.Vlan == FlowKey.NoVlan ? "untagged" : $"VLAN {tag.Vlan}";
        return tag.Stage == TagStage.Done ? $"tag {vlan}: done, {inner}" : $"tag {vlan}: to {NodeName(tag.NodeId)}, {inner}";
    }

    private string NodeName(uint id) => Picture.Nodes.FirstOrDefault(n => n.NodeId == id)?.Name ?? $"node {id}, which is not there";
}

using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.Controller.Core.Verification;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Verification;

/// <summary>Draws a picture piece by piece; switch n is called sn.</summary>
internal sealed class PictureMaker
{
    private readonly SortedDictionary<ulong, (List<PicturePort> Ports, List<PictureRule> Rules)> _switches = [];
    private readonly List<Link> _links = [];
    private readonly List<PictureNode> _nodes = [];
    private readonly List<PictureFilter> _filters = [];
    private readonly List<PictureHost> _hosts = [];
    private readonly List<ReservedTag> _tags = [];

    public NetworkPicture Picture => new([.. _switches.Select(s => new PictureSwitch(s.Key, [.. s.Value.Ports], [.. s.Value.Rules]) { Name = $"s{s.Key}" })])
    {
        Links = [.. _links],
        Nodes = [.. _nodes],
        Filters = [.. _filters],
        Hosts = [.. _hosts],
        Tags = [.. _tags],
    };

    public CheckReport Check(CheckOptions? options = null) => Checker.Check(Picture, options);

    public static PortId At(string port) => new(ulong.Parse(port[1..port.IndexOf(':')]), ushort.Parse(port[(port.IndexOf(':') + 1)..]));

    /// <summary>A match as ovs-ofctl writes it, with /length at addresses.</summary>
    public static Match MatchOf(string text)
    {
        Match match = Match.Any;
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] field = part.Split('=');
            match = field[0] switch
            {
                "any" => match,
                "ip" => match.WithDlType(EtherTypes.Ipv4),
                "arp" => match.WithDlType(EtherTypes.Arp),
                "udp" => match.WithDlType(EtherTypes.Ipv4).WithNwProto(IpProtocols.Udp),
                "tcp" => match.WithDlType(EtherTypes.Ipv4).WithNwProto(IpProtocols.Tcp),
                "icmp" => match.WithDlType(EtherTypes.Ipv4).WithNwProto(IpProtocols.Icmp),
                "in_port" => match.WithInPort(ushort.Parse(field[1])),
                "dl_vlan" => match.WithDlVlan(field[1] == "none" ? VlanId.None : ushort.Parse(field[1])),
                "dl_vlan_pcp" => match.WithDlVlanPcp(byte.Parse(field[1])),
                "dl_src" => match.WithDlSrc(new MacAddress(ulong.Parse(field[1]))),
                "dl_dst" => match.WithDlDst(new MacAddress(ulong.Parse(field[1]))),
                "dl_type" => match.WithDlType(Convert.ToUInt16(field[1], 16)),
                "nw_src" => match.WithNwSrc(Ipv4Prefix.Parse(field[1])),
                "nw_dst" => match.WithNwDst(Ipv4Prefix.Parse(field[1])),
                "tp_src" => match.WithTpSrc(ushort.Parse(field[1])),
                "tp_dst" => match.WithTpDst(ushort.Parse(field[1])),
                _ => throw new ArgumentException(part),
            };
        }
        return match;
    }

    public PictureMaker Port(string port, PortRole role = PortRole.Edge)
    {
        PortId id = At(port);
        if (!_switches.ContainsKey(id.Dpid))
            _switches[id.Dpid] = ([], []);
        _switches[id.Dpid].Ports.Add(new PicturePort(id.Port, role));
        return this;
    }

    public PictureMaker Down(string port)
    {
        PortId id = At(port);
        _switches[id.Dpid].Ports.RemoveAll(p => p.Number == id.Port);
        return this;
    }

    public PictureMaker Link(string a, string b)
    {
        _links.Add(Core.Topology.Link.Between(At(a), At(b)));
        return Port(a, PortRole.Link).Port(b, PortRole.Link);
    }

    public PictureMaker Node(string port, string name, params uint[] active)
    {
        _nodes.Add(new PictureNode(At(port), (uint)_nodes.Count + 1, name, [.. active]) { Addresses = [new MacAddress(900 + (ulong)_nodes.Count)] });
        return Port(port, PortRole.Node);
    }

    public PictureMaker Drained(string name)
    {
        for (int i = 0; i < _nodes.Count; i++)
            _nodes[i] = _nodes[i] with { TakesNew = _nodes[i].TakesNew && _nodes[i].Name != name };
        return this;
    }

    public PictureMaker WithoutNode(string name)
    {
        _nodes.RemoveAll(n => n.Name == name);
        return this;
    }

    public PictureMaker Host(string port, ulong mac, string ipv4)
    {
        _hosts.Add(new PictureHost(new MacAddress(mac), FlowKey.NoVlan, Ipv4Address.Parse(ipv4), At(port)));
        return Port(port);
    }

    public PictureMaker Filter(uint owner, string match, ushort order = 100, bool failClosed = false, string? released = null)
    {
        _filters.Add(new PictureFilter(owner, "alice", $"Module{owner}", [.. match.Split(" or ").Select(MatchOf)])
        {
            Order = order,
            FailClosed = failClosed,
            Released = released is null ? [] : [MatchOf(released)],
        });
        return this;
    }

    public PictureMaker Tag(ushort tag, TagStage stage, uint node = 0, ushort vlan = FlowKey.NoVlan)
    {
        _tags.Add(new ReservedTag(tag, stage, node, vlan));
        return this;
    }

    /// <summary>A rule of ours, or with kind <see cref="RuleKind.None"/> one of another.</summary>
    public PictureMaker Rule(ulong dpid, RuleKind kind, ushort priority, string match, string actions, uint owner = 0)
    {
        ulong cookie = kind == RuleKind.None ? 0 : new RuleCookie(kind, 1, owner).Value;
        _switches[dpid].Rules.Add(new PictureRule(MatchOf(match), priority, cookie, PictureAction.ReadAll(actions)));
        return this;
    }

    /// <summary>Takes off the rules with a match.</summary>
    public PictureMaker Without(ulong dpid, string match)
    {
        if (_switches[dpid].Rules.RemoveAll(r => r.Match == MatchOf(match)) == 0)
            throw new ArgumentException($"s{dpid} has no rule {match}");
        return this;
    }
}

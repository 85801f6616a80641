using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.Controller.Core.Verification;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Benchmarks.Check;

/// <summary>
/// A network in which all is as it should be: leaves with four hosts each, every tenth with a node that serves all filters; each leaf has a link to each
/// spine. Flows are drawn until the tables have so many rules in all; each has the rules that its way needs. Switch ids: leaves first.
/// </summary>
internal sealed class LeafSpine
{
    private const int HostsPerLeaf = 4;
    private const int Filters = 10;
    private const ushort NodePort = 40;
    private const ushort FirstUplink = 50;
    private const ushort Done = 3000;

    private readonly int _spines;
    private readonly int _leaves;
    private readonly Random _random = new(1);
    private readonly Dictionary<(int Switch, Match Match, ushort Priority), PictureRule> _rules = [];

    public LeafSpine(int switches, int rulesPerSwitch)
    {
        _spines = Math.Clamp(switches / 5, 1, 4);
        _leaves = switches - _spines;
        for (int s = 0; s < switches; s++)
            AddBase(s);
        while (_rules.Count < switches * rulesPerSwitch)
        {
            if (_random.Next(3) == 0)
                Forward(_random.Next(Hosts), _random.Next(Hosts));
            else
                Steer(_random.Next(Hosts), _random.Next(Filters));
        }
    }

    public int Rules => _rules.Count;

    private int Hosts => _leaves * HostsPerLeaf;

    public NetworkPicture ToPicture()
    {
        ILookup<int, PictureRule> rules = _rules.ToLookup(r => r.Key.Switch, r => r.Value);
        return new NetworkPicture([.. Enumerable.Range(0, _leaves + _spines).Select(s => new PictureSwitch((ulong)s, [.. Ports(s)], [.. rules[s]]))])
        {
            Links = [.. from l in Enumerable.Range(0, _leaves) from s in Enumerable.Range(0, _spines) select Link.Between(new PortId((ulong)l, Uplink(s)), new PortId((ulong)(_leaves + s), Downlink(l)))],
            Nodes = [.. Nodes().Select(l => new PictureNode(new PortId((ulong)l, NodePort), (uint)l + 1, $"node{l}", [.. Enumerable.Range(1, Filters).Select(f => (uint)f)]))],
            Filters = [.. Enumerable.Range(0, Filters).Select(f => new PictureFilter((uint)f + 1, "alice", $"Module{f}", [FilterOf(f)]))],
            Hosts = [.. Enumerable.Range(0, Hosts).Select(h => new PictureHost(Mac(h), FlowKey.NoVlan, Ip(h), new PortId((ulong)LeafOf(h), PortOf(h))))],
            Tags = [new ReservedTag(Done, TagStage.Done, 0, FlowKey.NoVlan), .. Nodes().Select(l => new ReservedTag(To(l), TagStage.To, (uint)l + 1, FlowKey.NoVlan))],
        };
    }

    private static MacAddress Mac(int host) => new(0x0200_0000_0000 + (ulong)host);

    private static Ipv4Address Ip(int host) => new(0x0a00_0001 + (uint)host);

    private static int LeafOf(int host) => host / HostsPerLeaf;

    private static ushort PortOf(int host) => (ushort)(1 + host % HostsPerLeaf);

    private static ushort Uplink(int spine) => (ushort)(FirstUplink + spine);

    private static ushort Downlink(int leaf) => (ushort)(1 + leaf);

    private static ushort To(int leaf) => (ushort)(Done + 1 + leaf / 10);

    private static int ServerOf(int filter) => filter * 3;

    private static Match FilterOf(int filter) => Match.Any.WithDlType(EtherTypes.Ipv4).WithNwProto(IpProtocols.Udp).WithNwDst(Ip(ServerOf(filter))).WithTpDst(5060);

    private IEnumerable<int> Nodes() => Enumerable.Range(0, (_leaves + 9) / 10).Select(i => i * 10);

    private IEnumerable<PicturePort> Ports(int s)
    {
        if (s >= _leaves)
            return Enumerable.Range(0, _leaves).Select(l => new PicturePort(Downlink(l), PortRole.Link));
        List<PicturePort> ports = [.. Enumerable.Range(1, HostsPerLeaf).Select(p => new PicturePort((ushort)p, PortRole.Edge))];
        ports.AddRange(Enumerable.Range(0, _spines).Select(i => new PicturePort(Uplink(i), PortRole.Link)));
        if (s % 10 == 0)
            ports.Add(new PicturePort(NodePort, PortRole.Node));
        return ports;
    }

    private void AddBase(int s)
    {
        Add(s, RuleKind.Attachment, Bands.Attachment, RuleMatches.Attachment, [PictureAction.Output(PortNo.Controller)]);
        Add(s, RuleKind.Signaling, Bands.Signaling, RuleMatches.Signaling, [PictureAction.Output(PortNo.Controller)]);
        Add(s, RuleKind.Probe, Bands.Probe, RuleMatches.Probe, [PictureAction.Output(PortNo.Controller)]);
        for (int f = 0; s < _leaves && f < Filters; f++)
            Add(s, RuleKind.Catch, Bands.Catch, FilterOf(f), [PictureAction.Output(PortNo.Controller)]);
    }

    private void Forward(int from, int to)
    {
        if (from == to)
            return;
        (int first, int last, int spine) = (LeafOf(from), LeafOf(to), (from + to) % _spines);
        Match Rule(ushort port) => RuleMatches.Forwarding(port, FlowKey.NoVlan, Mac(from), Mac(to));
        Add(first, RuleKind.Forwarding, Bands.Forwarding, Rule(PortOf(from)), [PictureAction.Output(first == last ? PortOf(to) : Uplink(spine))]);
        if (first == last)
            return;
        Add(_leaves + spine, RuleKind.Forwarding, Bands.Forwarding, Rule(Downlink(first)), [PictureAction.Output(Downlink(last))]);
        Add(last, RuleKind.Forwarding, Bands.Forwarding, Rule(Uplink(spine)), [PictureAction.Output(PortOf(to))]);
    }

    private void Steer(int from, int filter)
    {
        int server = ServerOf(filter);
        if (from == server)
            return;
        int[] nodes = [.. Nodes()];
        (int first, int node, int last) = (LeafOf(from), nodes[_random.Next(nodes.Length)], LeafOf(server));
        FlowKey flow = new()
        {
            InPort = PortOf(from),
            DlSrc = Mac(from),
            DlDst = Mac(server),
            DlVlan = FlowKey.NoVlan,
            DlType = EtherTypes.Ipv4,
            NwProto = IpProtocols.Udp,
            NwSrc = Ip(from),
            NwDst = Ip(server),
            TpSrc = (ushort)_random.Next(1024, 65536),
            TpDst = 5060,
        };
        Detour(first, RuleKind.Steering, Bands.Steering, RuleMatches.Steering(flow), node, NodePort, To(node), null, (uint)filter + 1);
        Detour(node, RuleKind.Return, Bands.Return, RuleMatches.Return(NodePort, FlowKey.NoVlan, Mac(server)), last, PortOf(server), Done, Mac(server), 0);
    }

    // From a leaf to a port of another, with a tag in between.
    private void Detour(int first, RuleKind kind, ushort priority, Match match, int last, ushort port, ushort tag, MacAddress? destination, uint owner)
    {
        int spine = (first + last) % _spines;
        Add(first, kind, priority, match, first == last ? [PictureAction.Output(port)] : [PictureAction.SetVlanVid(tag), PictureAction.Output(Uplink(spine))], owner);
        if (first == last)
            return;
        Match Transit(ushort by)
        {
            Match transit = Match.Any.WithInPort(by).WithDlVlan(tag);
            return destination is { } address ? transit.WithDlDst(address) : transit;
        }
        Add(_leaves + spine, RuleKind.Forwarding, 45000, Transit(Downlink(first)), [PictureAction.Output(Downlink(last))]);
        Add(last, RuleKind.Forwarding, 45000, Transit(Uplink(spine)), [PictureAction.StripVlan, PictureAction.Output(port)]);
    }

    private void Add(int s, RuleKind kind, ushort priority, Match match, PictureAction[] actions, uint owner = 0) =>
        _rules.TryAdd((s, match, priority), new PictureRule(match, priority, new RuleCookie(kind, 1, owner).Value, [.. actions]));
}

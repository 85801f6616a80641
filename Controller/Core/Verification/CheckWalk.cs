using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Verification;

/// <summary>Follows all packets that enter at a port, set by set, depth first.</summary>
internal sealed class CheckWalk(CompiledPicture picture, RegionMaker regions, FindingLog log)
{
    private readonly Stack<Arrival> _pending = [];
    private readonly List<Cube> _taken = [];
    private readonly EgressCheck _egress = new(picture, regions, log);
    private readonly PictureIndex _index = picture.Index;

    public long Delivered { get; private set; }

    public long ToController { get; private set; }

    public long Dropped { get; private set; }

    /// <summary>Lets everything in at a port; false if it is more than so many steps.</summary>
    public bool TryEnter(PortId port, long steps)
    {
        long last = regions.Steps + steps;
        log.Ingress = (port, WantedAt(port));
        Cube here = HeaderLayout.ByPort(port.Port);
        foreach (Cube half in (ReadOnlySpan<Cube>)[HeaderLayout.Untagged, HeaderLayout.Tagged])
        {
            if (regions.All(here.And(half)) is { } all)
                _pending.Push(new Arrival(picture.PortOf(port), all, default, [], null));
        }
        while (_pending.TryPop(out Arrival? arrival))
        {
            if (regions.Steps > last)
            {
                _pending.Clear();
                return false;
            }
            long unknown = regions.Unknown;
            Expand(arrival);
            if (regions.Unknown > unknown)
                log.AddNotProven($"some packets that come in at {_index.NameOf(arrival.Port.Id)}: too many rules overlap");
        }
        return true;
    }

    // A packet that people know: from a host there, with an address that filters are about.
    private FlowKey WantedAt(PortId port)
    {
        PictureHost? host = _index.HostsAt(port).FirstOrDefault();
        PictureHost? other = _index.Picture.Hosts.FirstOrDefault(h => h.At != port);
        return new FlowKey
        {
            InPort = port.Port,
            DlSrc = host?.Address ?? new MacAddress(0x0200_0000_0001),
            DlDst = other?.Address ?? new MacAddress(0x0200_0000_0002),
            DlVlan = FlowKey.NoVlan,
            DlType = EtherTypes.Ipv4,
            NwProto = IpProtocols.Udp,
            NwSrc = host?.Ipv4 ?? new Ipv4Address(0x0a00_0001),
            NwDst = other?.Ipv4 ?? new Ipv4Address(0x0a00_0002),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Expand(Arrival arrival)
    {
        _taken.Clear();
        PortRule[] rules = arrival.Port.Rules;
        for (int i = 0; i < rules.Length; i++)
        {
            if (!arrival.Rewrite.TryPull(rules[i].Compiled.Cube, out Cube cube) || !cube.Overlaps(arrival.Region.Cube))
                continue;
            if (regions.And(arrival.Region, cube, CollectionsMarshal.AsSpan(_taken)) is { } taken)
            {
                FindTies(arrival, i, taken);
                Follow(arrival, rules[i], taken);
            }
            if (cube.Covers(arrival.Region.Cube))
                return;
            _taken.Add(cube);
        }
        if (regions.Without(arrival.Region, CollectionsMarshal.AsSpan(_taken)) is { } rest)
            Decide(arrival, null, rest, arrival.Rewrite);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindTies(Arrival arrival, int number, Region taken)
    {
        PortRule[] rules = arrival.Port.Rules;
        CompiledRule first = rules[number].Compiled;
        for (int i = number + 1; i < rules.Length && rules[i].Compiled.Rank == first.Rank; i++)
        {
            CompiledRule other = rules[i].Compiled;
            if (arrival.Rewrite.TryPull(other.Cube, out Cube cube) && cube.Overlaps(taken.Cube) && !first.Rule.DoesTheSame(other.Rule) && regions.And(taken, cube) is { } both)
                log.Add(FindingKind.AmbiguousTie, arrival.Port.Id, first.Rule, 0, both.Part, $"the switch may as well take the {_index.Explain(other.Rule)} [{other.Rule}]");
        }
    }

    private void Follow(Arrival arrival, PortRule rule, Region region)
    {
        PictureRule by = rule.Compiled.Rule;
        if (rule.Outputs.Length == 0)
            Drop(arrival, by, region);
        foreach ((RuleOutput output, Rewrite edit) in rule.Outputs)
        {
            Rewrite rewrite = arrival.Rewrite.Then(edit);
            if (output.Opaque is not null)
                log.AddNotProven($"what {output.Opaque} makes of packets that [{by}] takes at {rule.Compiled.Switch.Name} is not followed");
            else if (output.Port == PortNo.Controller)
                Decide(arrival, by, region, rewrite);
            else if (PortNo.IsPhysical(output.Port))
                Send(arrival, by, region, rewrite, new PortId(arrival.Port.Id.Dpid, output.Port));
            else if (output.Port != PortNo.Local)
                log.AddNotProven($"where {PortNo.ToString(output.Port)} takes packets that [{by}] takes at {rule.Compiled.Switch.Name} is not known");
        }
    }

    private void Decide(Arrival arrival, PictureRule? by, Region region, in Rewrite rewrite)
    {
        ToController++;
        _egress.FindUnserved(region);
        if (HeaderLayout.SetsVlan(rewrite, out ushort vlan) && _index.TagOf(vlan) is null && regions.Without(region, [HeaderLayout.InVlan(vlan)]) is { } changed)
            log.Add(FindingKind.BlackHole, arrival.Port.Id, by, 0, changed.Part, $"goes to the controller as {_index.NameOfVlan(vlan)}, nobody restores its own");
        if (_index.RoleOf(arrival.Port.Id) == PortRole.Link)
            _egress.ComeUpBehindLink(arrival.Port.Id, by, region, rewrite, arrival.Processed);
    }

    private void Drop(Arrival arrival, PictureRule by, Region region)
    {
        List<Cube> reasons = [];
        foreach (CompiledFilter filter in picture.Filters)
        {
            if (filter.Filter.FailClosed && !arrival.Processed.Contains(filter.Filter.OwnerId))
                reasons.AddRange(filter.Matches);
        }
        if (arrival.Before is null)
            reasons.AddRange(picture.Tags);
        foreach (PictureHost host in _index.HostsAt(arrival.Port.Id))
        {
            foreach (ushort vlan in host.Vlan is 0 or FlowKey.NoVlan ? (ReadOnlySpan<ushort>)[0, FlowKey.NoVlan] : [host.Vlan])
            {
                if (arrival.Rewrite.TryPull(HeaderLayout.To(host.Address).And(HeaderLayout.InVlan(vlan)), out Cube cube))
                    reasons.Add(cube);
            }
        }
        if (regions.Without(region, CollectionsMarshal.AsSpan(reasons)) is { } lost)
            log.Add(FindingKind.BlackHole, arrival.Port.Id, by, 0, lost.Part, "is dropped without a reason");
        else
            Dropped++;
    }

    private void Send(Arrival arrival, PictureRule by, Region region, in Rewrite rewrite, PortId port)
    {
        switch (_index.RoleOf(port))
        {
            case PortRole.Link when _index.PeerOf(port) is { } peer:
                Arrive(arrival, by, region, rewrite, peer, arrival.Processed);
                break;
            case PortRole.Node when _index.NodeAt(port) is { } node:
                Visit(arrival, by, region, rewrite, node);
                break;
            case PortRole.Down:
                Lose(arrival, by, region, $"is sent to port {port.Port}, which is down");
                break;
            case PortRole.Link:
                Lose(arrival, by, region, $"is sent to port {port.Port}, where the other end of the link is not there");
                break;
            case PortRole.Node:
                Lose(arrival, by, region, $"is sent to port {port.Port}, where no node is");
                break;
            default:
                Delivered++;
                _egress.Leave(port, by, region, rewrite, arrival.Processed);
                break;
        }
    }

    private void Lose(Arrival arrival, PictureRule by, Region region, string text) => log.Add(FindingKind.BlackHole, arrival.Port.Id, by, 0, region.Part, text);

    private void Visit(Arrival arrival, PictureRule by, Region region, in Rewrite rewrite, PictureNode node)
    {
        _egress.CheckTag(node.At, by, region, rewrite);
        foreach ((Region part, uint[] ran) in NodeVisits.Split(picture, regions, node, region, rewrite))
        {
            _egress.CheckOrder(node.At, by, part, arrival.Processed, ran);
            Arrive(arrival, by, part, rewrite, node.At, [.. arrival.Processed, .. ran]);
        }
    }

    // A packet is where it was, as it was, if the rewrites then and now make the same of it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Arrive(Arrival from, PictureRule by, Region region, in Rewrite rewrite, PortId at, uint[] processed)
    {
        CompiledPort port = picture.PortOf(at);
        Rewrite now = rewrite.Then(port.Entering);
        for (Arrival? before = from; before is not null; before = before.Before)
        {
            if (before.Port != port || !before.Rewrite.TryAgree(now, out Cube same) || !same.Overlaps(region.Cube))
                continue;
            if (regions.And(region, same) is { } looped)
                log.Add(FindingKind.Loop, at, by, 0, looped.Part, "comes back as it was before");
            if (regions.Without(region, [same]) is not { } rest)
                return;
            region = rest;
        }
        _pending.Push(new Arrival(port, region, now, processed, from));
    }

    /// <summary>Packets at a port.</summary>
    /// <param name="Port">Where they are.</param>
    /// <param name="Region">Which, as they entered the network.</param>
    /// <param name="Rewrite">What they have become.</param>
    /// <param name="Processed">Owner ids of the modules that saw them, in order.</param>
    /// <param name="Before">Where they were before, null where they entered.</param>
    private sealed record Arrival(CompiledPort Port, Region Region, Rewrite Rewrite, uint[] Processed, Arrival? Before);
}

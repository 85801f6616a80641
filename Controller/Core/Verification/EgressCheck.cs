using System.Runtime.CompilerServices;
using NetServ.Controller.Core.Topology;

namespace NetServ.Controller.Core.Verification;

/// <summary>What has to hold of packets where they leave the switches, and where they come up to the controller.</summary>
internal sealed class EgressCheck(CompiledPicture picture, RegionMaker regions, FindingLog log)
{
    private const ushort QinQ = NetServ.Packets.EtherTypes.Vlan;

    private readonly PictureIndex _index = picture.Index;
    private readonly List<CompiledFilter> _unserved = [.. picture.Filters.Where(f => !f.Binds)];
    private readonly CompiledFilter[] _binding = [.. picture.Filters.Where(f => f.Binds)];

    /// <summary>By an edge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Leave(PortId port, PictureRule by, Region region, in Rewrite rewrite, uint[] processed)
    {
        CheckTag(port, by, region, rewrite);
        foreach (CompiledFilter filter in _binding)
        {
            if (!processed.Contains(filter.Filter.OwnerId))
            {
                FindUnprocessed(port, by, region, filter, "leaves unprocessed,");
                FindFragments(region, filter);
            }
        }
        FindUnserved(region);
        FindGap(GapKind.QinQ, QinQ, region, "frames with two tags pass: their type is that of the inner tag, and filters need IPv4");
        FindGap(GapKind.Ipv6, NetServ.Packets.EtherTypes.Ipv6, region, "IPv6 passes: OpenFlow 1.0 cannot match its addresses");
    }

    /// <summary>To the controller behind a link. It decides where packets enter; here it takes one without a reserved tag for decided about, and sends it on.</summary>
    public void ComeUpBehindLink(PortId port, PictureRule? by, Region region, in Rewrite rewrite, uint[] processed)
    {
        Region? own = region;
        if (HeaderLayout.SetsVlan(rewrite, out ushort vlan))
            own = _index.TagOf(vlan) is null ? regions.And(region, HeaderLayout.InVlan(vlan)) : null;
        else if (_binding.Length > 0)
            own = regions.Without(region, picture.Tags);
        if (own is null)
            return;
        foreach (CompiledFilter filter in _binding)
        {
            if (!processed.Contains(filter.Filter.OwnerId))
                FindUnprocessed(port, by, own, filter, "comes to the controller behind a link, unprocessed: where it entered no rule heeds what is");
        }
    }

    /// <summary>By an edge or to the controller, which lets pass what nobody serves: a packet for each such filter.</summary>
    public void FindUnserved(Region region) => _unserved.RemoveAll(f => IsShown(f, region));

    private bool IsShown(CompiledFilter filter, Region region)
    {
        foreach (Cube match in filter.Matches)
        {
            if (regions.And(region, match) is not { } passed)
                continue;
            log.AddGap(GapKind.Unserved, filter.Filter.OwnerId, passed.Part, $"no node that takes flows has {filter.Filter}: what it asks for passes unprocessed, since it fails open");
            return true;
        }
        return false;
    }

    /// <summary>To an edge or a node: in the VLAN that they entered in, which is not a reserved one.</summary>
    public void CheckTag(PortId port, PictureRule by, Region region, in Rewrite rewrite)
    {
        if (!HeaderLayout.SetsVlan(rewrite, out ushort vlan))
        {
            foreach (Cube tag in picture.Tags)
            {
                if (regions.And(region, tag) is { } outside)
                {
                    log.Add(FindingKind.TagLeak, port, by, 0, outside.Part, "leaves with the reserved tag that it came in with");
                    return;
                }
            }
        }
        else if (_index.TagOf(vlan) is not null)
        {
            log.Add(FindingKind.TagLeak, port, by, 0, region.Part, $"leaves with a reserved tag ({_index.NameOfVlan(vlan)})");
        }
        else if (regions.Without(region, [HeaderLayout.InVlan(vlan)]) is { } changed)
        {
            log.Add(FindingKind.VlanChanged, port, by, 0, changed.Part, $"leaves as {_index.NameOfVlan(vlan)}, as which it did not enter");
        }
    }

    /// <summary>To a node, whose modules process it.</summary>
    public void CheckOrder(PortId port, PictureRule by, Region region, uint[] before, uint[] ran)
    {
        List<uint> seen = [.. before];
        foreach (uint owner in ran)
        {
            if (seen.Contains(owner))
                log.Add(FindingKind.ProcessedTwice, port, by, owner, region.Part, $"{_index.NameOf(owner)} has processed it before");
            PictureFilter filter = _index.FilterOf(owner)!;
            if (seen.Exists(s => _index.FilterOf(s) is { } earlier && filter.IsBefore(earlier)))
                log.Add(FindingKind.WrongOrder, port, by, owner, region.Part, $"{filter} has its turn too late");
            seen.Add(owner);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindUnprocessed(PortId port, PictureRule? by, Region region, CompiledFilter filter, string how)
    {
        foreach (Cube match in filter.Matches)
        {
            if (regions.And(region, match, filter.Released) is { } missed)
            {
                log.Add(FindingKind.Unprocessed, port, by, filter.Filter.OwnerId, missed.Part, $"{how} asked for by {filter.Filter}");
                return;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindFragments(Region region, CompiledFilter filter)
    {
        uint owner = filter.Filter.OwnerId;
        if (log.HasGap(GapKind.Fragments, owner))
            return;
        foreach (Cube fragment in filter.Fragments)
        {
            if (regions.And(region, fragment, filter.Matches) is { } passed)
            {
                log.AddGap(GapKind.Fragments, owner, passed.Part, $"fragments behind the first carry no ports and pass {filter.Filter}");
                return;
            }
        }
    }

    private void FindGap(GapKind kind, ushort type, Region region, string text)
    {
        if (_binding.Length > 0 && !log.HasGap(kind, 0) && regions.And(region, HeaderLayout.OfType(type)) is { } passed)
            log.AddGap(kind, 0, passed.Part, text);
    }
}

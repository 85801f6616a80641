using System.Runtime.CompilerServices;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Verification;

/// <summary>What is wrong with rules of ours wherever packets come from.</summary>
internal static class TableCheck
{
    public static void Run(CompiledPicture picture, RegionMaker regions, FindingLog log)
    {
        List<Cube> above = [];
        foreach (PictureSwitch at in picture.Index.Picture.Switches)
        {
            CompiledRule[] table = picture.TableOf(at.Dpid);
            for (int i = 0; i < table.Length; i++)
            {
                if (table[i].Rule.IsOurs)
                    Check(picture, table, i, above, regions, log);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Check(CompiledPicture picture, CompiledRule[] table, int number, List<Cube> above, RegionMaker regions, FindingLog log)
    {
        CompiledRule rule = table[number];
        above.Clear();
        for (int i = 0; i < number && table[i].Rank > rule.Rank; i++)
        {
            if (table[i].Cube.Overlaps(rule.Cube))
                above.Add(table[i].Cube);
        }
        ReadOnlySpan<Cube> holes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(above);
        long unknown = regions.Unknown;
        Region? reached = First(regions, rule.Cube, holes);
        PortId in_ = Ingress(rule);
        if (First(regions, rule.Cube, []) is not { } all)
            return;
        log.Ingress = (in_, new FlowKey { InPort = in_.Port, DlVlan = FlowKey.NoVlan });
        if (regions.Unknown > unknown)
            log.AddNotProven($"whether a packet can reach [{rule.Rule}] at {rule.Switch.Name}: too many rules overlap it");
        else if (reached is null)
            log.Add(FindingKind.Shadowed, in_, rule.Rule, 0, all.Part, "no packet can reach it, rules above take them all");
        if (rule.Rule.Actions.Any(a => a.Kind == PictureActionKind.Output && a.Value is PortNo.Flood or PortNo.All or PortNo.Normal or PortNo.Table))
            log.Add(FindingKind.ReservedOutput, in_, rule.Rule, 0, (reached ?? all).Part, "a rule of ours may name ports only");
    }

    private static Region? First(RegionMaker regions, in Cube cube, ReadOnlySpan<Cube> holes)
    {
        foreach (Cube half in (ReadOnlySpan<Cube>)[HeaderLayout.Untagged, HeaderLayout.Tagged])
        {
            if (half.Overlaps(cube) && regions.All(half) is { } all && regions.And(all, cube, holes) is { } found)
                return found;
        }
        return null;
    }

    private static PortId Ingress(CompiledRule rule)
    {
        Match match = rule.Rule.Match;
        ushort port = match.Ignores(Wildcard.InPort) ? rule.Switch.Ports.FirstOrDefault().Number : match.InPort;
        return new PortId(rule.Switch.Dpid, port);
    }
}

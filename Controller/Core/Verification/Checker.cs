using NetServ.Controller.Core.Topology;

namespace NetServ.Controller.Core.Verification;

/// <summary>
/// Proves on the rules of all switches that no packet that enters at an edge loops or is lost, that what a filter asks for is processed once and in
/// order, and that no reserved tag is seen outside. It follows all packets at once, as sets, in the way that the <see cref="Tracer"/> follows one; each
/// finding has a packet whose trace shows it. Of two tied rules the one listed first is followed, and the tie is a finding. A check runs once in a
/// command, so its hot methods are compiled in full at once instead of when they have proven hot.
/// </summary>
public static class Checker
{
    /// <summary>Checks a picture.</summary>
    public static CheckReport Check(NetworkPicture picture, CheckOptions? options = null)
    {
        options ??= new CheckOptions();
        PictureIndex index = new(picture);
        CompiledPicture compiled = new(index);
        FindingLog log = new(index, options.Findings);
        RegionMaker regions = new(options.Comparisons);
        TableCheck.Run(compiled, regions, log);
        CheckWalk walk = new(compiled, regions, log);
        long before = regions.Steps;
        int ingresses = 0, left = 0;
        foreach (PortId port in Edges(picture))
        {
            if (regions.Steps - before >= options.Steps)
                left++;
            else if (!walk.TryEnter(port, Math.Min(options.StepsPerIngress, options.Steps - (regions.Steps - before))))
                log.AddNotProven($"what enters at {index.NameOf(port)}: it falls into more sets of packets than the check may look at");
            ingresses++;
        }
        if (left > 0)
            log.AddNotProven($"what enters at {left} of {ingresses} edge ports: more than {options.Steps} sets of packets before");
        return log.ToReport(new CheckStatistics(ingresses - left, regions.Steps - before, walk.Delivered, walk.ToController, walk.Dropped));
    }

    private static IEnumerable<PortId> Edges(NetworkPicture picture) =>
        picture.Switches.SelectMany(s => s.Ports.Where(p => p.Role == PortRole.Edge).Select(p => new PortId(s.Dpid, p.Number)));
}

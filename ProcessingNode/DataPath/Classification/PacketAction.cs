using NetServ.Node.DataPath.Containers;

namespace NetServ.Node.DataPath.Classification;

/// <summary>What the classifier decides for a packet. One object is shared by all packets of a kind.</summary>
public sealed class PacketAction
{
    private PacketAction(FilterFate fate, ContainerRoute[] steps)
    {
        Fate = fate;
        Steps = steps;
    }

    /// <summary>Sent back as it came.</summary>
    public static PacketAction PassUnprocessed { get; } = new(FilterFate.PassUnprocessed, []);

    /// <summary>Dropped.</summary>
    public static PacketAction Drop { get; } = new(FilterFate.Drop, []);

    /// <summary>What happens to the packet.</summary>
    public FilterFate Fate { get; }

    /// <summary>The containers to visit, in order; empty unless the packet is processed.</summary>
    public IReadOnlyList<ContainerRoute> Steps { get; }

    /// <summary>Through these containers, in order.</summary>
    public static PacketAction Process(ContainerRoute[] steps) => new(FilterFate.Process, steps);
}

using NetServ.Node.DataPath.Containers;

namespace NetServ.Node.DataPath.Classification;

/// <summary>What the classifier decides for a packet. One object is shared by all packets of a kind.</summary>
public sealed class PacketAction
{
    private PacketAction(FilterFate fate, bool isPortless, ContainerRoute[] steps)
    {
        Fate = fate;
        IsPortless = isPortless;
        Steps = steps;
        OwnerIds = [.. steps.SelectMany(s => s.OwnerIds)];
    }

    /// <summary>Sent back as it came.</summary>
    public static PacketAction PassUnprocessed { get; } = new(FilterFate.PassUnprocessed, false, []);

    /// <summary>Dropped.</summary>
    public static PacketAction Drop { get; } = new(FilterFate.Drop, false, []);

    /// <summary>Sent back as it came, as a filter with a port covers its addresses and its ports cannot be seen.</summary>
    public static PacketAction PassPortless { get; } = new(FilterFate.PassUnprocessed, true, []);

    /// <summary>Dropped for the same reason, as that filter asks for it.</summary>
    public static PacketAction DropPortless { get; } = new(FilterFate.Drop, true, []);

    /// <summary>What happens to the packet.</summary>
    public FilterFate Fate { get; }

    /// <summary>Whether that happens only because its ports cannot be seen (a later fragment, or malformed).</summary>
    public bool IsPortless { get; }

    /// <summary>The containers to visit, in order; empty unless the packet is processed.</summary>
    public IReadOnlyList<ContainerRoute> Steps { get; }

    /// <summary>The modules to visit, in order.</summary>
    public IReadOnlyList<uint> OwnerIds { get; }

    /// <summary>Through these containers, in order.</summary>
    public static PacketAction Process(ContainerRoute[] steps) => new(FilterFate.Process, false, steps);
}

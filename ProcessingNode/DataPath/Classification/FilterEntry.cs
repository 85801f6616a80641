using NetServ.Node.DataPath.Containers;

namespace NetServ.Node.DataPath.Classification;

/// <summary>One filter and what is done with its packets.</summary>
/// <param name="OwnerId">The installed module that the filter belongs to.</param>
/// <param name="Filter">Its packets.</param>
/// <param name="Fate">What is done with them.</param>
/// <param name="Container">Where the module runs; needed for <see cref="FilterFate.Process"/> only.</param>
public sealed record FilterEntry(uint OwnerId, PacketFilter Filter, FilterFate Fate, IServiceContainer? Container = null)
{
    /// <summary>Place among the filters that match a packet, lowest first.</summary>
    public ushort Order { get; init; }

    /// <summary>Place among one user's modules whose <see cref="Order"/> is the same, lowest first; 0 comes last.</summary>
    public int ModuleOrder { get; init; }

    /// <summary>The owner whose packets this one takes over where both match, as long as it works; 0 for none.</summary>
    public uint Replaces { get; init; }

    /// <summary>Whether the module is gone and only its packets are still known: what it says counts where no other filter matches.</summary>
    public bool IsRemoved { get; init; }
}

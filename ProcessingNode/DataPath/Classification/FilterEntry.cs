using NetServ.Node.DataPath.Containers;

namespace NetServ.Node.DataPath.Classification;

/// <summary>One filter and what is done with its packets.</summary>
/// <param name="OwnerId">The installed module that the filter belongs to.</param>
/// <param name="Filter">Its packets.</param>
/// <param name="Fate">What is done with them.</param>
/// <param name="Container">Where the module runs; needed for <see cref="FilterFate.Process"/> only.</param>
public sealed record FilterEntry(uint OwnerId, PacketFilter Filter, FilterFate Fate, IServiceContainer? Container = null);

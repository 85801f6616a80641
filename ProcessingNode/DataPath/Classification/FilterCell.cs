namespace NetServ.Node.DataPath.Classification;

/// <summary>The filters that fit a packet's near side, and what is done with it where they do not ask for the far side.</summary>
/// <param name="Filters">The filters.</param>
/// <param name="Settled">The action, null where a filter names something on the far side.</param>
internal sealed record FilterCell(DirectedFilter[] Filters, PacketAction? Settled);

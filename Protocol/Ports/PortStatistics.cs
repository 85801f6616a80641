namespace NetServ.Ports;

/// <summary>Counters of a port since it was opened.</summary>
/// <param name="RxFrames">Frames received.</param>
/// <param name="RxBytes">Their bytes.</param>
/// <param name="RxDrops">Frames that arrived but could not be delivered: too long for the batch, or no room.</param>
/// <param name="TxFrames">Frames sent.</param>
/// <param name="TxBytes">Their bytes.</param>
/// <param name="TxDrops">Frames not sent: no peer, a peer that would not take them, or a length the port cannot carry.</param>
public readonly record struct PortStatistics(long RxFrames, long RxBytes, long RxDrops, long TxFrames, long TxBytes, long TxDrops);

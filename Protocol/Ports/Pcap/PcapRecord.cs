namespace NetServ.Ports;

/// <summary>A frame of a capture file.</summary>
/// <param name="Time">When it was captured, to 100 ns.</param>
/// <param name="Data">What was captured of it.</param>
/// <param name="OriginalLength">Its length on the wire, in bytes; above that of <paramref name="Data"/> if it was cut.</param>
public sealed record PcapRecord(DateTimeOffset Time, byte[] Data, int OriginalLength);

namespace NetServ.Demo.Traffic;

/// <summary>A frame to be sent by the host on a port.</summary>
/// <param name="Port">The host's switch port.</param>
/// <param name="Frame">The bytes.</param>
/// <param name="BackToBack">Right behind the one before it, without the pause that keeps the pace.</param>
internal readonly record struct Packet(ushort Port, ReadOnlyMemory<byte> Frame, bool BackToBack);

namespace NetServ.OpenFlow;

/// <summary>ofp_queue_stats (OpenFlow 1.0.0 section 5.3.5).</summary>
public readonly record struct QueueStats : IWireStruct<QueueStats>
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 32;

    /// <summary>Which port.</summary>
    public ushort PortNumber { get; init; }

    /// <summary>Which queue.</summary>
    public uint QueueId { get; init; }

    /// <summary>Bytes sent.</summary>
    public ulong TxBytes { get; init; }

    /// <summary>Frames sent.</summary>
    public ulong TxPackets { get; init; }

    /// <summary>Frames dropped by overrun.</summary>
    public ulong TxErrors { get; init; }

    static int IWireStruct<QueueStats>.WireSize => Size;

    /// <summary>Reads the first 32 bytes of <paramref name="source"/>.</summary>
    public static QueueStats Read(ReadOnlySpan<byte> source) => new()
    {
        PortNumber = Wire.U16(source, 0),
        QueueId = Wire.U32(source, 4),
        TxBytes = Wire.U64(source, 8),
        TxPackets = Wire.U64(source, 16),
        TxErrors = Wire.U64(source, 24),
    };

    /// <summary>Writes 32 bytes to the start of <paramref name="destination"/>.</summary>
    public void WriteTo(Span<byte> destination)
    {
        Span<byte> to = destination[..Size];
        to.Clear();
        Wire.U16(to, 0, PortNumber);
        Wire.U32(to, 4, QueueId);
        Wire.U64(to, 8, TxBytes);
        Wire.U64(to, 16, TxPackets);
        Wire.U64(to, 24, TxErrors);
    }
}

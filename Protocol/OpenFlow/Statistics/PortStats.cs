namespace NetServ.OpenFlow;

/// <summary>ofp_port_stats (OpenFlow 1.0.0 section 5.3.5); a counter that the switch does not have is all ones.</summary>
public readonly record struct PortStats : IWireStruct<PortStats>
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 104;

    /// <summary>Which port.</summary>
    public ushort PortNumber { get; init; }

    /// <summary>Frames received.</summary>
    public ulong RxPackets { get; init; }

    /// <summary>Frames sent.</summary>
    public ulong TxPackets { get; init; }

    /// <summary>Bytes received.</summary>
    public ulong RxBytes { get; init; }

    /// <summary>Bytes sent.</summary>
    public ulong TxBytes { get; init; }

    /// <summary>Frames dropped on receipt.</summary>
    public ulong RxDropped { get; init; }

    /// <summary>Frames dropped before sending.</summary>
    public ulong TxDropped { get; init; }

    /// <summary>Errors on receipt, those below included.</summary>
    public ulong RxErrors { get; init; }

    /// <summary>Errors on sending.</summary>
    public ulong TxErrors { get; init; }

    /// <summary>Alignment errors.</summary>
    public ulong RxFrameErrors { get; init; }

    /// <summary>Overruns.</summary>
    public ulong RxOverErrors { get; init; }

    /// <summary>Checksum errors.</summary>
    public ulong RxCrcErrors { get; init; }

    /// <summary>Collisions.</summary>
    public ulong Collisions { get; init; }

    static int IWireStruct<PortStats>.WireSize => Size;

    /// <summary>Reads the first 104 bytes of <paramref name="source"/>.</summary>
    public static PortStats Read(ReadOnlySpan<byte> source) => new()
    {
        PortNumber = Wire.U16(source, 0),
        RxPackets = Wire.U64(source, 8),
        TxPackets = Wire.U64(source, 16),
        RxBytes = Wire.U64(source, 24),
        TxBytes = Wire.U64(source, 32),
        RxDropped = Wire.U64(source, 40),
        TxDropped = Wire.U64(source, 48),
        RxErrors = Wire.U64(source, 56),
        TxErrors = Wire.U64(source, 64),
        RxFrameErrors = Wire.U64(source, 72),
        RxOverErrors = Wire.U64(source, 80),
        RxCrcErrors = Wire.U64(source, 88),
        Collisions = Wire.U64(source, 96),
    };

    /// <summary>Writes 104 bytes to the start of <paramref name="destination"/>.</summary>
    public void WriteTo(Span<byte> destination)
    {
        Span<byte> to = destination[..Size];
        to.Clear();
        Wire.U16(to, 0, PortNumber);
        Wire.U64(to, 8, RxPackets);
        Wire.U64(to, 16, TxPackets);
        Wire.U64(to, 24, RxBytes);
        Wire.U64(to, 32, TxBytes);
        Wire.U64(to, 40, RxDropped);
        Wire.U64(to, 48, TxDropped);
        Wire.U64(to, 56, RxErrors);
        Wire.U64(to, 64, TxErrors);
        Wire.U64(to, 72, RxFrameErrors);
        Wire.U64(to, 80, RxOverErrors);
        Wire.U64(to, 88, RxCrcErrors);
        Wire.U64(to, 96, Collisions);
    }
}

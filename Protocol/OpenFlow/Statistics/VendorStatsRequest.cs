namespace NetServ.OpenFlow;

/// <summary>OFPST_VENDOR request (OpenFlow 1.0.0 section 5.3.5).</summary>
public readonly ref struct VendorStatsRequest : IMessage<VendorStatsRequest>
{
    private const int FixedSize = 16;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>None is defined.</summary>
    public ushort Flags { get; init; }

    /// <summary>Whose.</summary>
    public uint Vendor { get; init; }

    /// <summary>The vendor's own.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize + Data.Length;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out VendorStatsRequest value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.VendorStatsRequest, out error))
            return false;
        value = new VendorStatsRequest
        {
            Xid = Header.ReadXid(message),
            Flags = Wire.U16(message, 10),
            Vendor = Wire.U32(message, 12),
            Data = message[16..],
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.StatsRequest, Length, FixedSize, Xid);
        Wire.U16(to, 8, (ushort)StatsType.Vendor);
        Wire.U16(to, 10, Flags);
        Wire.U32(to, 12, Vendor);
        Data.CopyTo(to[FixedSize..]);
        return Length;
    }
}

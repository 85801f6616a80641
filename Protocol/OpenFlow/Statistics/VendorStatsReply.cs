namespace NetServ.OpenFlow;

/// <summary>OFPST_VENDOR reply (OpenFlow 1.0.0 section 5.3.5).</summary>
public readonly ref struct VendorStatsReply : IMessage<VendorStatsReply>
{
    private const int FixedSize = 16;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Whether more parts follow.</summary>
    public StatsReplyFlags Flags { get; init; }

    /// <summary>Whose.</summary>
    public uint Vendor { get; init; }

    /// <summary>The vendor's own.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize + Data.Length;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out VendorStatsReply value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.VendorStatsReply, out error))
            return false;
        value = new VendorStatsReply
        {
            Xid = Header.ReadXid(message),
            Flags = (StatsReplyFlags)Wire.U16(message, 10),
            Vendor = Wire.U32(message, 12),
            Data = message[16..],
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.StatsReply, Length, FixedSize, Xid);
        Wire.U16(to, 8, (ushort)StatsType.Vendor);
        Wire.U16(to, 10, (ushort)Flags);
        Wire.U32(to, 12, Vendor);
        Data.CopyTo(to[FixedSize..]);
        return Length;
    }
}

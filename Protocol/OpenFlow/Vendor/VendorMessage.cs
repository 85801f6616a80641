namespace NetServ.OpenFlow;

/// <summary>OFPT_VENDOR (OpenFlow 1.0.0 section 5.5.4); reads the Nicira messages too, as bytes.</summary>
public readonly ref struct VendorMessage : IMessage<VendorMessage>
{
    private const int FixedSize = 12;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Whose.</summary>
    public uint Vendor { get; init; }

    /// <summary>The vendor's own.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize + Data.Length;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out VendorMessage value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.Vendor, out error))
            return false;
        value = new VendorMessage
        {
            Xid = Header.ReadXid(message),
            Vendor = Wire.U32(message, 8),
            Data = message[12..],
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.Vendor, Length, FixedSize, Xid);
        Wire.U32(to, 8, Vendor);
        Data.CopyTo(to[FixedSize..]);
        return Length;
    }
}

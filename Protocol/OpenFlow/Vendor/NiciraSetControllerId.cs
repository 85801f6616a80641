namespace NetServ.OpenFlow;

/// <summary>NXT_SET_CONTROLLER_ID: the id that the "controller" action names this connection by.</summary>
public readonly record struct NiciraSetControllerId : IMessage<NiciraSetControllerId>
{
    private const int FixedSize = 24;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>The id.</summary>
    public ushort ControllerId { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out NiciraSetControllerId value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.NiciraSetControllerId, out error))
            return false;
        value = new NiciraSetControllerId
        {
            Xid = Header.ReadXid(message),
            ControllerId = Wire.U16(message, 22),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.Vendor, Length, FixedSize, Xid);
        Wire.U32(to, 8, VendorId.Nicira);
        Wire.U32(to, 12, NiciraSubtype.SetControllerId);
        Wire.U16(to, 22, ControllerId);
        return Length;
    }
}

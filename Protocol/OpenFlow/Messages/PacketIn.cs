namespace NetServ.OpenFlow;

/// <summary>OFPT_PACKET_IN (OpenFlow 1.0.0 section 5.4.1).</summary>
public readonly ref struct PacketIn : IMessage<PacketIn>
{
    private const int FixedSize = 18;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Where the switch keeps the frame, or <see cref="NetServ.OpenFlow.BufferId.None"/>.</summary>
    public uint BufferId { get; init; }

    /// <summary>Bytes of the whole frame.</summary>
    public ushort TotalLength { get; init; }

    /// <summary>Port the frame came in by.</summary>
    public ushort InPort { get; init; }

    /// <summary>Why it was sent.</summary>
    public PacketInReason Reason { get; init; }

    /// <summary>The frame, perhaps cut short.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize + Data.Length;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out PacketIn value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.PacketIn, out error))
            return false;
        value = new PacketIn
        {
            Xid = Header.ReadXid(message),
            BufferId = Wire.U32(message, 8),
            TotalLength = Wire.U16(message, 12),
            InPort = Wire.U16(message, 14),
            Reason = (PacketInReason)message[16],
            Data = message[18..],
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.PacketIn, Length, FixedSize, Xid);
        Wire.U32(to, 8, BufferId);
        Wire.U16(to, 12, TotalLength);
        Wire.U16(to, 14, InPort);
        to[16] = (byte)Reason;
        Data.CopyTo(to[FixedSize..]);
        return Length;
    }
}

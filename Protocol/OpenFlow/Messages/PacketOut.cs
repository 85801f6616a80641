namespace NetServ.OpenFlow;

/// <summary>OFPT_PACKET_OUT (OpenFlow 1.0.0 section 5.3.6).</summary>
public readonly ref struct PacketOut : IMessage<PacketOut>
{
    private const int FixedSize = 16;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>The frame that the switch keeps, or <see cref="NetServ.OpenFlow.BufferId.None"/> when <see cref="Data"/> holds it.</summary>
    public uint BufferId { get; init; }

    /// <summary>Ingress port that the actions see; <see cref="PortNo.None"/> if none.</summary>
    public ushort InPort { get; init; }

    /// <summary>What to do with it.</summary>
    public ActionList Actions { get; init; }

    /// <summary>The frame.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize + Actions.Length + Data.Length;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out PacketOut value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.PacketOut, out error))
            return false;
        int length = Wire.U16(message, 14);
        if (length > message.Length - FixedSize)
        {
            error = new DecodeError(DecodeErrorCode.BadElementLength, "ofp_packet_out.actions_len", 14) { Found = (uint)length, Expected = (uint)(message.Length - FixedSize) };
            return false;
        }
        if (!ActionList.TryRead(message.Slice(FixedSize, length), out ActionList actions, out error, FixedSize))
            return false;
        value = new PacketOut
        {
            Xid = Header.ReadXid(message),
            BufferId = Wire.U32(message, 8),
            InPort = Wire.U16(message, 12),
            Actions = actions,
            Data = message[(FixedSize + length)..],
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.PacketOut, Length, FixedSize, Xid);
        Wire.U32(to, 8, BufferId);
        Wire.U16(to, 12, InPort);
        Wire.U16(to, 14, (ushort)Actions.Length);
        Actions.Bytes.CopyTo(to[FixedSize..]);
        Data.CopyTo(to[(FixedSize + Actions.Length)..]);
        return Length;
    }
}

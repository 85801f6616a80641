namespace NetServ.OpenFlow;

/// <summary>OFPT_GET_CONFIG_REPLY (OpenFlow 1.0.0 section 5.3.2).</summary>
public readonly record struct GetConfigReply : IMessage<GetConfigReply>
{
    private const int FixedSize = 12;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Handling of fragments.</summary>
    public ConfigFlags Flags { get; init; }

    /// <summary>Bytes of a frame that a table miss sends to the controller at the most.</summary>
    public ushort MissSendLength { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out GetConfigReply value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.GetConfigReply, out error))
            return false;
        value = new GetConfigReply
        {
            Xid = Header.ReadXid(message),
            Flags = (ConfigFlags)Wire.U16(message, 8),
            MissSendLength = Wire.U16(message, 10),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.GetConfigReply, Length, FixedSize, Xid);
        Wire.U16(to, 8, (ushort)Flags);
        Wire.U16(to, 10, MissSendLength);
        return Length;
    }
}

namespace NetServ.OpenFlow;

/// <summary>OFPT_FEATURES_REPLY (OpenFlow 1.0.0 section 5.3.1).</summary>
public readonly ref struct FeaturesReply : IMessage<FeaturesReply>
{
    private const int FixedSize = 32;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Unique id of the switch.</summary>
    public ulong DatapathId { get; init; }

    /// <summary>Frames it can keep.</summary>
    public uint BufferCount { get; init; }

    /// <summary>Flow tables.</summary>
    public byte TableCount { get; init; }

    /// <summary>What it can do.</summary>
    public Capabilities Capabilities { get; init; }

    /// <summary>A bit for each <see cref="ActionType"/> below 32.</summary>
    public uint Actions { get; init; }

    /// <summary>Its ports.</summary>
    public WireList<PhyPort> Ports { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize + Ports.Length;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out FeaturesReply value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.FeaturesReply, out error))
            return false;
        value = new FeaturesReply
        {
            Xid = Header.ReadXid(message),
            DatapathId = Wire.U64(message, 8),
            BufferCount = Wire.U32(message, 16),
            TableCount = message[20],
            Capabilities = (Capabilities)Wire.U32(message, 24),
            Actions = Wire.U32(message, 28),
            Ports = new WireList<PhyPort>(message[32..]),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.FeaturesReply, Length, FixedSize, Xid);
        Wire.U64(to, 8, DatapathId);
        Wire.U32(to, 16, BufferCount);
        to[20] = TableCount;
        Wire.U32(to, 24, (uint)Capabilities);
        Wire.U32(to, 28, Actions);
        Ports.WriteTo(to[FixedSize..]);
        return Length;
    }
}

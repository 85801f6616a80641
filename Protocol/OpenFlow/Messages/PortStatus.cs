namespace NetServ.OpenFlow;

/// <summary>OFPT_PORT_STATUS (OpenFlow 1.0.0 section 5.4.3).</summary>
public readonly record struct PortStatus : IMessage<PortStatus>
{
    private const int FixedSize = 64;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>What happened.</summary>
    public PortStatusReason Reason { get; init; }

    /// <summary>The port as it is now.</summary>
    public PhyPort Port { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out PortStatus value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.PortStatus, out error))
            return false;
        value = new PortStatus
        {
            Xid = Header.ReadXid(message),
            Reason = (PortStatusReason)message[8],
            Port = PhyPort.Read(message[16..]),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.PortStatus, Length, FixedSize, Xid);
        to[8] = (byte)Reason;
        Port.WriteTo(to[16..]);
        return Length;
    }
}

namespace NetServ.OpenFlow;

/// <summary>OFPST_DESC reply (OpenFlow 1.0.0 section 5.3.5): ASCII texts, without their padding; writing cuts off what exceeds a field.</summary>
public readonly ref struct DescStatsReply : IMessage<DescStatsReply>
{
    private const int FixedSize = 1068;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Whether more parts follow.</summary>
    public StatsReplyFlags Flags { get; init; }

    /// <summary>Who made it, up to 255 bytes.</summary>
    public ReadOnlySpan<byte> Manufacturer { get; init; }

    /// <summary>Which hardware, up to 255 bytes.</summary>
    public ReadOnlySpan<byte> Hardware { get; init; }

    /// <summary>Which software, up to 255 bytes.</summary>
    public ReadOnlySpan<byte> Software { get; init; }

    /// <summary>Serial number, up to 31 bytes.</summary>
    public ReadOnlySpan<byte> SerialNumber { get; init; }

    /// <summary>Description of the datapath, up to 255 bytes.</summary>
    public ReadOnlySpan<byte> Datapath { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out DescStatsReply value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.DescStatsReply, out error))
            return false;
        value = new DescStatsReply
        {
            Xid = Header.ReadXid(message),
            Flags = (StatsReplyFlags)Wire.U16(message, 10),
            Manufacturer = Wire.UntilNul(message.Slice(12, 256)),
            Hardware = Wire.UntilNul(message.Slice(268, 256)),
            Software = Wire.UntilNul(message.Slice(524, 256)),
            SerialNumber = Wire.UntilNul(message.Slice(780, 32)),
            Datapath = Wire.UntilNul(message.Slice(812, 256)),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.StatsReply, Length, FixedSize, Xid);
        Wire.U16(to, 8, (ushort)StatsType.Desc);
        Wire.U16(to, 10, (ushort)Flags);
        Wire.Text(to.Slice(12, 256), Manufacturer);
        Wire.Text(to.Slice(268, 256), Hardware);
        Wire.Text(to.Slice(524, 256), Software);
        Wire.Text(to.Slice(780, 32), SerialNumber);
        Wire.Text(to.Slice(812, 256), Datapath);
        return Length;
    }
}

namespace NetServ.OpenFlow;

/// <summary>NXT_ROLE_REPLY: the role that the controller has now.</summary>
public readonly record struct NiciraRoleReply : IMessage<NiciraRoleReply>
{
    private const int FixedSize = 20;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>The role.</summary>
    public NiciraRole Role { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out NiciraRoleReply value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.NiciraRoleReply, out error))
            return false;
        value = new NiciraRoleReply
        {
            Xid = Header.ReadXid(message),
            Role = (NiciraRole)Wire.U32(message, 16),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.Vendor, Length, FixedSize, Xid);
        Wire.U32(to, 8, VendorId.Nicira);
        Wire.U32(to, 12, NiciraSubtype.RoleReply);
        Wire.U32(to, 16, (uint)Role);
        return Length;
    }
}

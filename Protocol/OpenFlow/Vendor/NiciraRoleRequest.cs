namespace NetServ.OpenFlow;

/// <summary>NXT_ROLE_REQUEST: asks for a role; <see cref="NiciraRoleReply"/> or an error answers.</summary>
public readonly record struct NiciraRoleRequest : IMessage<NiciraRoleRequest>
{
    private const int FixedSize = 20;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>The role.</summary>
    public NiciraRole Role { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out NiciraRoleRequest value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.NiciraRoleRequest, out error))
            return false;
        value = new NiciraRoleRequest
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
        Wire.U32(to, 12, NiciraSubtype.RoleRequest);
        Wire.U32(to, 16, (uint)Role);
        return Length;
    }
}

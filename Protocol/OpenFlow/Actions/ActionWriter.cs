using NetServ.Packets;

namespace NetServ.OpenFlow;

/// <summary>
/// Appends actions to a caller's span; <see cref="AsList"/> gives them to a message. A full span throws <see cref="ArgumentException"/>; no
/// action takes more than 16 bytes but those of vendors.
/// </summary>
public ref struct ActionWriter
{
    private readonly Span<byte> _buffer;

    /// <summary>Starts at the front of <paramref name="buffer"/>.</summary>
    public ActionWriter(Span<byte> buffer) => _buffer = buffer;

    /// <summary>Bytes written.</summary>
    public int Written { get; private set; }

    /// <summary>What was written so far.</summary>
    public readonly ActionList AsList() => new(_buffer[..Written]);

    /// <summary>Forgets what was written.</summary>
    public void Clear() => Written = 0;

    /// <summary>To a port; <paramref name="maxLength"/> bounds what the controller gets.</summary>
    public void Output(ushort port, ushort maxLength = 0xffff)
    {
        Span<byte> to = Begin(ActionType.Output, 8);
        Wire.U16(to, 4, port);
        Wire.U16(to, 6, maxLength);
    }

    /// <summary>Sets the VLAN id, tagging an untagged frame.</summary>
    public void SetVlanVid(ushort vid) => Wire.U16(Begin(ActionType.SetVlanVid, 8), 4, vid);

    /// <summary>Sets the VLAN priority, tagging an untagged frame.</summary>
    public void SetVlanPcp(byte pcp) => Begin(ActionType.SetVlanPcp, 8)[4] = pcp;

    /// <summary>Removes the tag.</summary>
    public void StripVlan() => Begin(ActionType.StripVlan, 8);

    /// <summary>Sets the Ethernet source.</summary>
    public void SetDlSrc(MacAddress address) => address.WriteTo(Begin(ActionType.SetDlSrc, 16)[4..]);

    /// <summary>Sets the Ethernet destination.</summary>
    public void SetDlDst(MacAddress address) => address.WriteTo(Begin(ActionType.SetDlDst, 16)[4..]);

    /// <summary>Sets the IP source.</summary>
    public void SetNwSrc(Ipv4Address address) => address.WriteTo(Begin(ActionType.SetNwSrc, 8)[4..]);

    /// <summary>Sets the IP destination.</summary>
    public void SetNwDst(Ipv4Address address) => address.WriteTo(Begin(ActionType.SetNwDst, 8)[4..]);

    /// <summary>Sets the DSCP: the upper six bits of <paramref name="tos"/>.</summary>
    public void SetNwTos(byte tos) => Begin(ActionType.SetNwTos, 8)[4] = tos;

    /// <summary>Sets the source port.</summary>
    public void SetTpSrc(ushort port) => Wire.U16(Begin(ActionType.SetTpSrc, 8), 4, port);

    /// <summary>Sets the destination port.</summary>
    public void SetTpDst(ushort port) => Wire.U16(Begin(ActionType.SetTpDst, 8), 4, port);

    /// <summary>To a queue of a port.</summary>
    public void Enqueue(ushort port, uint queueId)
    {
        Span<byte> to = Begin(ActionType.Enqueue, 16);
        Wire.U16(to, 4, port);
        Wire.U32(to, 12, queueId);
    }

    /// <summary>A vendor's action; zeros pad <paramref name="data"/> to a multiple of eight.</summary>
    public void Vendor(uint vendor, ReadOnlySpan<byte> data)
    {
        Span<byte> to = Begin(ActionType.Vendor, 8 + (data.Length + 7) / 8 * 8);
        Wire.U32(to, 4, vendor);
        data.CopyTo(to[8..]);
    }

    /// <summary>Decrements the TTL (Nicira).</summary>
    public void DecTtl()
    {
        Span<byte> to = Begin(ActionType.Vendor, 16);
        Wire.U32(to, 4, VendorId.Nicira);
        Wire.U16(to, 8, NiciraSubtype.DecTtlAction);
    }

    /// <summary>To the controller connections of one id (Nicira).</summary>
    public void Controller(ushort maxLength, ushort controllerId)
    {
        Span<byte> to = Begin(ActionType.Vendor, 16);
        Wire.U32(to, 4, VendorId.Nicira);
        Wire.U16(to, 8, NiciraSubtype.ControllerAction);
        Wire.U16(to, 10, maxLength);
        Wire.U16(to, 12, controllerId);
        to[14] = (byte)PacketInReason.Action;
    }

    /// <summary>Appends an action as it is.</summary>
    public void Append(ActionView action) => action.Bytes.CopyTo(Begin(action.Type, action.Bytes.Length));

    /// <summary>Appends a list as it is.</summary>
    public void Append(ActionList actions)
    {
        Wire.Require(_buffer[Written..], actions.Length, "the action list");
        actions.Bytes.CopyTo(_buffer[Written..]);
        Written += actions.Length;
    }

    private Span<byte> Begin(ActionType type, int length)
    {
        Wire.Require(_buffer[Written..], length, "the action");
        Span<byte> to = _buffer.Slice(Written, length);
        Written += length;
        to.Clear();
        Wire.U16(to, 0, (ushort)type);
        Wire.U16(to, 2, (ushort)length);
        return to;
    }
}

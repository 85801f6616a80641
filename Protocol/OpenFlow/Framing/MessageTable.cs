using System.Buffers.Binary;

namespace NetServ.OpenFlow;

/// <summary>
/// Every message of OpenFlow 1.0 and the Nicira messages we know, one row each. The rows are the length validator: each decoder passes by
/// here first.
/// </summary>
public static class MessageTable
{
    private const int VendorStats = 0xffff;

    private static readonly MessageRow[] s_rows =
    [
        new(MessageKind.Hello, "HELLO", MessageType.Hello, -1, 8, 1, Direction.Both),
        new(MessageKind.Error, "ERROR", MessageType.Error, -1, 12, 1, Direction.Both),
        new(MessageKind.EchoRequest, "ECHO_REQUEST", MessageType.EchoRequest, -1, 8, 1, Direction.Both),
        new(MessageKind.EchoReply, "ECHO_REPLY", MessageType.EchoReply, -1, 8, 1, Direction.Both),
        new(MessageKind.Vendor, "VENDOR", MessageType.Vendor, -1, 12, 1, Direction.Both),
        new(MessageKind.FeaturesRequest, "FEATURES_REQUEST", MessageType.FeaturesRequest, -1, 8, 0, Direction.ToSwitch),
        new(MessageKind.FeaturesReply, "FEATURES_REPLY", MessageType.FeaturesReply, -1, 32, PhyPort.Size, Direction.ToController),
        new(MessageKind.GetConfigRequest, "GET_CONFIG_REQUEST", MessageType.GetConfigRequest, -1, 8, 0, Direction.ToSwitch),
        new(MessageKind.GetConfigReply, "GET_CONFIG_REPLY", MessageType.GetConfigReply, -1, 12, 0, Direction.ToController),
        new(MessageKind.SetConfig, "SET_CONFIG", MessageType.SetConfig, -1, 12, 0, Direction.ToSwitch),
        new(MessageKind.PacketIn, "PACKET_IN", MessageType.PacketIn, -1, 18, 1, Direction.ToController),
        new(MessageKind.FlowRemoved, "FLOW_REMOVED", MessageType.FlowRemoved, -1, 88, 0, Direction.ToController),
        new(MessageKind.PortStatus, "PORT_STATUS", MessageType.PortStatus, -1, 64, 0, Direction.ToController),
        new(MessageKind.PacketOut, "PACKET_OUT", MessageType.PacketOut, -1, 16, 1, Direction.ToSwitch),
        new(MessageKind.FlowMod, "FLOW_MOD", MessageType.FlowMod, -1, 72, 8, Direction.ToSwitch),
        new(MessageKind.PortMod, "PORT_MOD", MessageType.PortMod, -1, 32, 0, Direction.ToSwitch),
        new(MessageKind.BarrierRequest, "BARRIER_REQUEST", MessageType.BarrierRequest, -1, 8, 0, Direction.ToSwitch),
        new(MessageKind.BarrierReply, "BARRIER_REPLY", MessageType.BarrierReply, -1, 8, 0, Direction.ToController),
        new(MessageKind.QueueGetConfigRequest, "QUEUE_GET_CONFIG_REQUEST", MessageType.QueueGetConfigRequest, -1, 12, 0, Direction.ToSwitch),
        new(MessageKind.QueueGetConfigReply, "QUEUE_GET_CONFIG_REPLY", MessageType.QueueGetConfigReply, -1, 16, 8, Direction.ToController),
        new(MessageKind.DescStatsRequest, "STATS_REQUEST DESC", MessageType.StatsRequest, (int)StatsType.Desc, 12, 0, Direction.ToSwitch),
        new(MessageKind.DescStatsReply, "STATS_REPLY DESC", MessageType.StatsReply, (int)StatsType.Desc, 1068, 0, Direction.ToController),
        new(MessageKind.FlowStatsRequest, "STATS_REQUEST FLOW", MessageType.StatsRequest, (int)StatsType.Flow, 56, 0, Direction.ToSwitch),
        new(MessageKind.FlowStatsReply, "STATS_REPLY FLOW", MessageType.StatsReply, (int)StatsType.Flow, 12, 8, Direction.ToController),
        new(MessageKind.AggregateStatsRequest, "STATS_REQUEST AGGREGATE", MessageType.StatsRequest, (int)StatsType.Aggregate, 56, 0, Direction.ToSwitch),
        new(MessageKind.AggregateStatsReply, "STATS_REPLY AGGREGATE", MessageType.StatsReply, (int)StatsType.Aggregate, 36, 0, Direction.ToController),
        new(MessageKind.TableStatsRequest, "STATS_REQUEST TABLE", MessageType.StatsRequest, (int)StatsType.Table, 12, 0, Direction.ToSwitch),
        new(MessageKind.TableStatsReply, "STATS_REPLY TABLE", MessageType.StatsReply, (int)StatsType.Table, 12, TableStats.Size, Direction.ToController),
        new(MessageKind.PortStatsRequest, "STATS_REQUEST PORT", MessageType.StatsRequest, (int)StatsType.Port, 20, 0, Direction.ToSwitch),
        new(MessageKind.PortStatsReply, "STATS_REPLY PORT", MessageType.StatsReply, (int)StatsType.Port, 12, PortStats.Size, Direction.ToController),
        new(MessageKind.QueueStatsRequest, "STATS_REQUEST QUEUE", MessageType.StatsRequest, (int)StatsType.Queue, 20, 0, Direction.ToSwitch),
        new(MessageKind.QueueStatsReply, "STATS_REPLY QUEUE", MessageType.StatsReply, (int)StatsType.Queue, 12, QueueStats.Size, Direction.ToController),
        new(MessageKind.VendorStatsRequest, "STATS_REQUEST VENDOR", MessageType.StatsRequest, VendorStats, 16, 1, Direction.ToSwitch),
        new(MessageKind.VendorStatsReply, "STATS_REPLY VENDOR", MessageType.StatsReply, VendorStats, 16, 1, Direction.ToController),
        new(MessageKind.NiciraRoleRequest, "NXT_ROLE_REQUEST", MessageType.Vendor, NiciraSubtype.RoleRequest, 20, 0, Direction.ToSwitch),
        new(MessageKind.NiciraRoleReply, "NXT_ROLE_REPLY", MessageType.Vendor, NiciraSubtype.RoleReply, 20, 0, Direction.ToController),
        new(MessageKind.NiciraSetControllerId, "NXT_SET_CONTROLLER_ID", MessageType.Vendor, NiciraSubtype.SetControllerId, 24, 0, Direction.ToSwitch),
    ];

    /// <summary>All rows, in the order of <see cref="MessageKind"/>.</summary>
    public static ReadOnlySpan<MessageRow> Rows => s_rows;

    /// <summary>The row of a message.</summary>
    public static MessageRow Row(MessageKind kind) => s_rows[(int)kind];

    /// <summary>
    /// Says which message <paramref name="message"/> is (exactly one, header included) and checks version and length. What follows the fixed
    /// part is the decoder's to check.
    /// </summary>
    public static bool TryIdentify(ReadOnlySpan<byte> message, out MessageKind kind, out DecodeError error)
    {
        kind = default;
        return TryCheckHeader(message, out error)
            && TryFindKind(message, out kind, out error)
            && s_rows[(int)kind].TryCheckLength(message.Length, out error);
    }

    /// <summary>Identifies and insists on one kind.</summary>
    internal static bool TryExpect(ReadOnlySpan<byte> message, MessageKind expected, out DecodeError error)
    {
        if (!TryIdentify(message, out MessageKind kind, out error))
            return false;
        if (kind == expected || (expected == MessageKind.Vendor && s_rows[(int)kind].Type == MessageType.Vendor))
            return true;
        error = new DecodeError(DecodeErrorCode.UnexpectedType, "ofp_header.type", 1) { Found = message[1], Expected = (uint)s_rows[(int)expected].Type };
        return false;
    }

    private static bool TryCheckHeader(ReadOnlySpan<byte> message, out DecodeError error)
    {
        error = default;
        if (message.Length < Header.Size)
        {
            error = new DecodeError(DecodeErrorCode.Truncated, "ofp_header", 0) { Found = (uint)message.Length, Expected = Header.Size };
            return false;
        }
        int length = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        if (length < Header.Size)
            error = new DecodeError(DecodeErrorCode.BadFrameLength, "ofp_header.length", 2) { Found = (uint)length, Expected = Header.Size };
        else if (message[0] != Header.Version10 && (message[0] == 0 || message[1] > (byte)MessageType.Error))
            error = new DecodeError(DecodeErrorCode.BadVersion, "ofp_header.version", 0) { Found = message[0], Expected = Header.Version10 };
        else if (message.Length != length)
            error = new DecodeError(message.Length < length ? DecodeErrorCode.Truncated : DecodeErrorCode.TrailingBytes, "ofp_header.length", 2) { Found = (uint)message.Length, Expected = (uint)length };
        return error.Code == DecodeErrorCode.None;
    }

    private static bool TryFindKind(ReadOnlySpan<byte> message, out MessageKind kind, out DecodeError error)
    {
        error = default;
        kind = default;
        MessageType type = (MessageType)message[1];
        switch (type)
        {
            case MessageType.StatsRequest or MessageType.StatsReply:
                return TryFindStats(message, type == MessageType.StatsReply, out kind, out error);
            case MessageType.Vendor:
                kind = FindVendor(message);
                return true;
            case <= MessageType.PortMod:
                kind = (MessageKind)type;
                return true;
            case <= MessageType.QueueGetConfigReply:
                kind = MessageKind.BarrierRequest + (type - MessageType.BarrierRequest);
                return true;
            default:
                error = new DecodeError(DecodeErrorCode.UnknownType, "ofp_header.type", 1) { Found = message[1] };
                return false;
        }
    }

    private static bool TryFindStats(ReadOnlySpan<byte> message, bool reply, out MessageKind kind, out DecodeError error)
    {
        error = default;
        kind = default;
        if (message.Length < StatsHeader.Size)
        {
            error = new DecodeError(DecodeErrorCode.TooShort, "ofp_header.length", 2) { Found = (uint)message.Length, Expected = StatsHeader.Size };
            return false;
        }
        int type = BinaryPrimitives.ReadUInt16BigEndian(message[8..]);
        if (type > (int)StatsType.Queue && type != VendorStats)
        {
            error = new DecodeError(DecodeErrorCode.UnknownStatsType, reply ? "ofp_stats_reply.type" : "ofp_stats_request.type", 8) { Found = (uint)type };
            return false;
        }
        int pair = Math.Min(type, (int)StatsType.Queue + 1);
        kind = (MessageKind)((int)MessageKind.DescStatsRequest + pair * 2 + (reply ? 1 : 0));
        return true;
    }

    private static MessageKind FindVendor(ReadOnlySpan<byte> message)
    {
        if (message.Length < 16 || BinaryPrimitives.ReadUInt32BigEndian(message[8..]) != VendorId.Nicira)
            return MessageKind.Vendor;
        return BinaryPrimitives.ReadUInt32BigEndian(message[12..]) switch
        {
            NiciraSubtype.RoleRequest => MessageKind.NiciraRoleRequest,
            NiciraSubtype.RoleReply => MessageKind.NiciraRoleReply,
            NiciraSubtype.SetControllerId => MessageKind.NiciraSetControllerId,
            _ => MessageKind.Vendor,
        };
    }
}

namespace NetServ.OpenFlow;

public static partial class Printer
{
    private static void Print(Line line, Hello m) => line.Bytes("elements", m.Data);

    private static void Print(Line line, ErrorMessage m)
    {
        line.Field("error", Enum.IsDefined(m.Error) ? m.Error.ToString() : $"{(uint)m.Error >> 16}/{(ushort)m.Error}");
        if ((uint)m.Error >> 16 == (uint)ErrorType.HelloFailed)
            line.Text("text", m.Data);
        else
            line.Bytes("data", m.Data);
    }

    private static void Print(Line line, VendorMessage m) => line.Hex("vendor", m.Vendor).Bytes("data", m.Data);

    private static void Print(Line line, FeaturesReply m)
    {
        line.Field("dpid", $"{m.DatapathId:x16}").Field("buffers", m.BufferCount).Field("tables", m.TableCount)
            .Field("capabilities", Bits(m.Capabilities.ToString())).Hex("actions", m.Actions);
        foreach (PhyPort port in m.Ports)
            Print(line, port);
    }

    private static void Print(Line line, PhyPort port)
    {
        Span<byte> name = stackalloc byte[PortName.Size];
        port.Name.WriteTo(name);
        line.Word("port={").Field("number", PortNo.ToString(port.PortNumber)).Field("addr", port.HardwareAddress.ToString()).Text("name", Wire.UntilNul(name))
            .Field("config", Bits(port.Config.ToString())).Field("state", Bits(port.State.ToString()))
            .Field("current", Bits(port.Current.ToString())).Field("advertised", Bits(port.Advertised.ToString()))
            .Field("supported", Bits(port.Supported.ToString())).Field("peer", Bits(port.Peer.ToString())).Raw("}");
    }

    private static void Print(Line line, GetConfigReply m) => line.Field("flags", Bits(m.Flags.ToString())).Field("miss_send_len", m.MissSendLength);

    private static void Print(Line line, SetConfig m) => line.Field("flags", Bits(m.Flags.ToString())).Field("miss_send_len", m.MissSendLength);

    private static void Print(Line line, PacketIn m) =>
        line.Field("in_port", PortNo.ToString(m.InPort)).Field("reason", m.Reason.ToString()).Field("buffer", Buffer(m.BufferId))
            .Field("total_len", m.TotalLength).Bytes("data", m.Data);

    private static void Print(Line line, FlowRemoved m) =>
        line.Field("match", m.Match.ToString()).Field("priority", m.Priority).Field("reason", m.Reason.ToString()).Hex("cookie", m.Cookie)
            .Field("duration", Duration(m.DurationSeconds, m.DurationNanoseconds)).Field("idle", m.IdleTimeout)
            .Field("packets", m.PacketCount).Field("bytes", m.ByteCount);

    private static void Print(Line line, PortStatus m)
    {
        line.Field("reason", m.Reason.ToString());
        Print(line, m.Port);
    }

    private static void Print(Line line, PortMod m) =>
        line.Field("port", PortNo.ToString(m.PortNumber)).Field("addr", m.HardwareAddress.ToString()).Field("config", Bits(m.Config.ToString()))
            .Field("mask", Bits(m.Mask.ToString())).Field("advertise", Bits(m.Advertise.ToString()));

    private static void PrintPacketOut(Line line, ReadOnlySpan<byte> message, out DecodeError error)
    {
        PacketOut.TryRead(message, out PacketOut m, out error);
        int actionsLength = Math.Min(Wire.U16(message, 14), message.Length - 16);
        line.Field("in_port", PortNo.ToString(Wire.U16(message, 12))).Field("buffer", Buffer(Wire.U32(message, 8)));
        line.Field("actions", ActionList.ValidPrefix(message.Slice(16, actionsLength)).ToString());
        line.Bytes("data", m.Data);
    }

    private static void PrintFlowMod(Line line, ReadOnlySpan<byte> message, out DecodeError error)
    {
        FlowMod.TryRead(message, out _, out error);
        FlowMod m = FlowMod.ReadFixed(message);
        line.Field("command", m.Command.ToString()).Field("match", m.Match.ToString()).Field("priority", m.Priority).Hex("cookie", m.Cookie)
            .Field("idle", m.IdleTimeout).Field("hard", m.HardTimeout).Field("buffer", Buffer(m.BufferId)).Field("out_port", PortNo.ToString(m.OutPort))
            .Field("flags", Bits(m.Flags.ToString())).Field("actions", ActionList.ValidPrefix(message[72..]).ToString());
    }

    private static void PrintQueues(Line line, ReadOnlySpan<byte> message, out DecodeError error)
    {
        QueueGetConfigReply.TryRead(message, out _, out error);
        line.Field("port", PortNo.ToString(Wire.U16(message, 8)));
        foreach (PacketQueue queue in PacketQueueList.ValidPrefix(message[16..]))
        {
            line.Word("queue={").Field("id", queue.QueueId);
            foreach (QueueProperty property in queue)
                line.Field(property.Type == QueuePropertyType.MinRate ? "min_rate" : "none", property.Rate);
            line.Raw("}");
        }
    }

    private static string Buffer(uint id) => id == BufferId.None ? "none" : $"0x{id:x}";

    private static string Duration(uint seconds, uint nanoseconds) => $"{seconds}.{nanoseconds:d9}s";

    private static string Bits(string flags) => flags.Replace(", ", "|", StringComparison.Ordinal);
}

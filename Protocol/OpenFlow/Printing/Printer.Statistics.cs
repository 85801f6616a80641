namespace NetServ.OpenFlow;

public static partial class Printer
{
    private static void PrintStats(Line line, MessageKind kind, ReadOnlySpan<byte> message, out DecodeError error)
    {
        ushort flags = Wire.U16(message, 10);
        if (flags != 0)
            line.Field("flags", MessageTable.Row(kind).Type == MessageType.StatsReply ? Bits(((StatsReplyFlags)flags).ToString()) : $"0x{flags:x}");
        switch (kind)
        {
            case MessageKind.DescStatsRequest: Read<DescStatsRequest>(message, out error); break;
            case MessageKind.DescStatsReply: Print(line, Read<DescStatsReply>(message, out error)); break;
            case MessageKind.FlowStatsRequest: Print(line, Read<FlowStatsRequest>(message, out error)); break;
            case MessageKind.FlowStatsReply: PrintFlows(line, message, out error); break;
            case MessageKind.AggregateStatsRequest: Print(line, Read<AggregateStatsRequest>(message, out error)); break;
            case MessageKind.AggregateStatsReply: Print(line, Read<AggregateStatsReply>(message, out error)); break;
            case MessageKind.TableStatsRequest: Read<TableStatsRequest>(message, out error); break;
            case MessageKind.TableStatsReply: Print(line, Read<TableStatsReply>(message, out error)); break;
            case MessageKind.PortStatsRequest: line.Field("port", PortNo.ToString(Read<PortStatsRequest>(message, out error).PortNumber)); break;
            case MessageKind.PortStatsReply: Print(line, Read<PortStatsReply>(message, out error)); break;
            case MessageKind.QueueStatsRequest: Print(line, Read<QueueStatsRequest>(message, out error)); break;
            case MessageKind.QueueStatsReply: Print(line, Read<QueueStatsReply>(message, out error)); break;
            case MessageKind.VendorStatsRequest: Print(line, Read<VendorStatsRequest>(message, out error)); break;
            case MessageKind.VendorStatsReply: Print(line, Read<VendorStatsReply>(message, out error)); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "no printer");
        }
    }

    private static void Print(Line line, DescStatsReply m) =>
        line.Text("manufacturer", m.Manufacturer).Text("hardware", m.Hardware).Text("software", m.Software).Text("serial", m.SerialNumber).Text("datapath", m.Datapath);

    private static void Print(Line line, FlowStatsRequest m) =>
        line.Field("match", m.Match.ToString()).Field("table", m.TableId).Field("out_port", PortNo.ToString(m.OutPort));

    private static void Print(Line line, AggregateStatsRequest m) =>
        line.Field("match", m.Match.ToString()).Field("table", m.TableId).Field("out_port", PortNo.ToString(m.OutPort));

    private static void Print(Line line, AggregateStatsReply m) =>
        line.Field("packets", m.PacketCount).Field("bytes", m.ByteCount).Field("flows", m.FlowCount);

    private static void PrintFlows(Line line, ReadOnlySpan<byte> message, out DecodeError error)
    {
        FlowStatsReply.TryRead(message, out _, out error);
        foreach (FlowStatsEntry flow in FlowStatsList.ValidPrefix(message[StatsHeader.Size..]))
        {
            line.Word("flow={").Field("table", flow.TableId).Field("match", flow.Match.ToString()).Field("priority", flow.Priority).Hex("cookie", flow.Cookie)
                .Field("duration", Duration(flow.DurationSeconds, flow.DurationNanoseconds)).Field("idle", flow.IdleTimeout).Field("hard", flow.HardTimeout)
                .Field("packets", flow.PacketCount).Field("bytes", flow.ByteCount).Field("actions", flow.Actions.ToString()).Raw("}");
        }
    }

    private static void Print(Line line, TableStatsReply m)
    {
        Span<byte> name = stackalloc byte[TableName.Size];
        foreach (TableStats table in m.Entries)
        {
            table.Name.WriteTo(name);
            line.Word("table={").Field("id", table.TableId).Text("name", Wire.UntilNul(name)).Hex("wildcards", table.Wildcards).Field("max", table.MaxEntries)
                .Field("active", table.ActiveCount).Field("lookups", table.LookupCount).Field("matched", table.MatchedCount).Raw("}");
        }
    }

    private static void Print(Line line, PortStatsReply m)
    {
        foreach (PortStats port in m.Entries)
        {
            line.Word("port={").Field("number", PortNo.ToString(port.PortNumber))
                .Field("rx_packets", port.RxPackets).Field("tx_packets", port.TxPackets).Field("rx_bytes", port.RxBytes).Field("tx_bytes", port.TxBytes)
                .Field("rx_dropped", port.RxDropped).Field("tx_dropped", port.TxDropped).Field("rx_errors", port.RxErrors).Field("tx_errors", port.TxErrors)
                .Field("rx_frame_err", port.RxFrameErrors).Field("rx_over_err", port.RxOverErrors).Field("rx_crc_err", port.RxCrcErrors)
                .Field("collisions", port.Collisions).Raw("}");
        }
    }

    private static void Print(Line line, QueueStatsRequest m) =>
        line.Field("port", PortNo.ToString(m.PortNumber)).Field("queue", m.QueueId == uint.MaxValue ? "ALL" : $"{m.QueueId}");

    private static void Print(Line line, QueueStatsReply m)
    {
        foreach (QueueStats queue in m.Entries)
        {
            line.Word("queue={").Field("port", PortNo.ToString(queue.PortNumber)).Field("id", queue.QueueId).Field("tx_bytes", queue.TxBytes)
                .Field("tx_packets", queue.TxPackets).Field("tx_errors", queue.TxErrors).Raw("}");
        }
    }

    private static void Print(Line line, VendorStatsRequest m) => line.Hex("vendor", m.Vendor).Bytes("data", m.Data);

    private static void Print(Line line, VendorStatsReply m) => line.Hex("vendor", m.Vendor).Bytes("data", m.Data);
}

using System.Text;

namespace NetServ.OpenFlow.Tests.Oracles;

internal static partial class OvsText
{
    private static string More(StatsReplyFlags flags) => flags.HasFlag(StatsReplyFlags.More) ? " flags=[more]" : "";

    // All ones is its sign for a counter that a switch does not have.
    private static string Count(ulong value) => value == ulong.MaxValue ? "?" : $"{value}";

    private static List<string> Description(DescStatsReply m) =>
    [
        "",
        "Manufacturer: " + Encoding.ASCII.GetString(m.Manufacturer),
        "Hardware: " + Encoding.ASCII.GetString(m.Hardware),
        "Software: " + Encoding.ASCII.GetString(m.Software),
        "Serial Num: " + Encoding.ASCII.GetString(m.SerialNumber),
        "DP Description: " + Encoding.ASCII.GetString(m.Datapath),
    ];

    private static List<string> Flows(byte table, ushort outPort, in Match match)
    {
        string text = table == 0xff ? "" : $" table={table}";
        if (outPort != PortNo.None)
            text += $" out_port={Port(outPort)}";
        return [$"{text} {MatchText(match)}"];
    }

    private static List<string> Flows(FlowStatsReply m)
    {
        List<string> lines = [More(m.Flags)];
        foreach (FlowStatsEntry flow in m.Entries)
        {
            StringBuilder text = new($" cookie=0x{flow.Cookie:x}, duration={Duration(flow.DurationSeconds, flow.DurationNanoseconds)}, table={flow.TableId}, ");
            text.Append($"n_packets={Count(flow.PacketCount)}, n_bytes={Count(flow.ByteCount)}, ");
            text.Append(flow.IdleTimeout == 0 ? "" : $"idle_timeout={flow.IdleTimeout}, ");
            text.Append(flow.HardTimeout == 0 ? "" : $"hard_timeout={flow.HardTimeout}, ");
            lines.Add(text.Append($"{PriorityAndMatch(flow.Priority, flow.Match)}actions={Actions(flow.Actions)}").ToString());
        }
        return lines;
    }

    private static List<string> Aggregate(AggregateStatsReply m) =>
        [$" packet_count={m.PacketCount} byte_count={m.ByteCount} flow_count={m.FlowCount}"];

    private static List<string> Tables(TableStatsReply m)
    {
        List<string> lines = [More(m.Flags)];
        foreach (TableStats table in m.Entries)
        {
            string name = table.Name == default ? "" : $" (\"{table.Name}\")";
            lines.Add($"  table {table.TableId}{name}:");
            lines.Add($"    active={table.ActiveCount}, lookup={table.LookupCount}, matched={table.MatchedCount}");
        }
        return lines;
    }

    private static List<string> Counters(PortStatsReply m)
    {
        List<string> lines = [$"{More(m.Flags)} {m.Entries.Count} ports"];
        foreach (PortStats p in m.Entries)
        {
            lines.Add($"  port {Port(p.PortNumber),2}: rx pkts={Count(p.RxPackets)}, bytes={Count(p.RxBytes)}, drop={Count(p.RxDropped)}, errs={Count(p.RxErrors)}, "
                + $"frame={Count(p.RxFrameErrors)}, over={Count(p.RxOverErrors)}, crc={Count(p.RxCrcErrors)}");
            lines.Add($"           tx pkts={Count(p.TxPackets)}, bytes={Count(p.TxBytes)}, drop={Count(p.TxDropped)}, errs={Count(p.TxErrors)}, coll={Count(p.Collisions)}");
        }
        return lines;
    }

    private static string Queue(QueueStatsRequest m)
    {
        string port = m.PortNumber == PortNo.All ? "ANY" : Port(m.PortNumber);
        return $" port={port} queue={QueueId(m.QueueId)}";
    }

    private static List<string> QueueCounters(QueueStatsReply m)
    {
        List<string> lines = [$"{More(m.Flags)} {m.Entries.Count} queues"];
        foreach (QueueStats q in m.Entries)
            lines.Add($"  port {Port(q.PortNumber)} queue {QueueId(q.QueueId)}: bytes={Count(q.TxBytes)}, pkts={Count(q.TxPackets)}, errors={Count(q.TxErrors)}, duration=?");
        return lines;
    }

    private static string QueueId(uint id) => id == uint.MaxValue ? "ALL" : $"{id}";
}

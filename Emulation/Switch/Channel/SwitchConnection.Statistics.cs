using System.Text;
using NetServ.Emulation.Switch.Forwarding;
using NetServ.Emulation.Switch.Table;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch;

public sealed partial class SwitchConnection
{
    private const byte AllTables = 0xff;
    private const byte EmergencyTable = 0xfe;
    private const int PortsInPart = 500;

    private ErrorCode? DispatchStatistics(MessageKind kind, ReadOnlySpan<byte> message, TimeSpan now)
    {
        switch (kind)
        {
            case MessageKind.DescStatsRequest: return HandleDescStats(message);
            case MessageKind.FlowStatsRequest: return HandleFlowStats(message, now);
            case MessageKind.AggregateStatsRequest: return HandleAggregateStats(message);
            case MessageKind.TableStatsRequest: return HandleTableStats(message);
            case MessageKind.PortStatsRequest: return HandlePortStats(message);
            case MessageKind.QueueStatsRequest: return HandleQueueStats(message);
            case MessageKind.VendorStatsRequest: return ErrorCode.BadRequestBadVendor;
            // Known messages that a controller does not send.
            default: return ErrorCode.BadRequestBadType;
        }
    }

    private ErrorCode? HandleDescStats(ReadOnlySpan<byte> message)
    {
        if (!DescStatsRequest.TryRead(message, out DescStatsRequest request, out DecodeError error))
            return error.Answer;
        SwitchOptions options = _switch.Options;
        Output.Append(new DescStatsReply
        {
            Xid = request.Xid,
            Manufacturer = Encoding.ASCII.GetBytes(options.Manufacturer),
            Hardware = Encoding.ASCII.GetBytes(options.Hardware),
            Software = Encoding.ASCII.GetBytes(options.Software),
            SerialNumber = Encoding.ASCII.GetBytes(options.SerialNumber),
            Datapath = Encoding.ASCII.GetBytes(options.Description),
        });
        return null;
    }

    private ErrorCode? HandleFlowStats(ReadOnlySpan<byte> message, TimeSpan now)
    {
        if (!FlowStatsRequest.TryRead(message, out FlowStatsRequest request, out DecodeError error))
            return error.Answer;
        Match match = request.Match.Normalize();
        FlowStatsReplyWriter part = new(Output.GetSpan(Framing.MaxLength), request.Xid);
        foreach (FlowEntry entry in EntriesOf(request.TableId))
        {
            if (!IsAskedFor(entry, match, request.OutPort))
                continue;
            FlowStatsEntry described = Describe(entry, now);
            if (part.TryAppend(described))
                continue;
            Output.Advance(part.Finish(more: true));
            part = new FlowStatsReplyWriter(Output.GetSpan(Framing.MaxLength), request.Xid);
            part.TryAppend(described);
        }
        Output.Advance(part.Finish(more: false));
        return null;
    }

    private ErrorCode? HandleAggregateStats(ReadOnlySpan<byte> message)
    {
        if (!AggregateStatsRequest.TryRead(message, out AggregateStatsRequest request, out DecodeError error))
            return error.Answer;
        Match match = request.Match.Normalize();
        ulong packets = 0, bytes = 0;
        uint flows = 0;
        foreach (FlowEntry entry in EntriesOf(request.TableId))
        {
            if (!IsAskedFor(entry, match, request.OutPort))
                continue;
            packets += entry.Packets;
            bytes += entry.Bytes;
            flows++;
        }
        Output.Append(new AggregateStatsReply { Xid = request.Xid, PacketCount = packets, ByteCount = bytes, FlowCount = flows });
        return null;
    }

    private ErrorCode? HandleTableStats(ReadOnlySpan<byte> message)
    {
        if (!TableStatsRequest.TryRead(message, out TableStatsRequest request, out DecodeError error))
            return error.Answer;
        TableStats normal = Describe(_switch.Table, 0, "classifier");
        TableStats[] tables = _switch.EmergencyTable is { } emergency ? [normal, Describe(emergency, EmergencyTable, "emergency")] : [normal];
        Output.Append(new TableStatsReply { Xid = request.Xid, Entries = tables });
        return null;
    }

    // A port that is not there has no statistics: the reply is empty.
    private ErrorCode? HandlePortStats(ReadOnlySpan<byte> message)
    {
        if (!PortStatsRequest.TryRead(message, out PortStatsRequest request, out DecodeError error))
            return error.Answer;
        List<PortStats> entries = [];
        foreach (SwitchPort port in _switch.PortSet.Ordered)
            if (request.PortNumber == PortNo.None || request.PortNumber == port.Number)
                entries.Add(port.Statistics());
        PortStats[] all = [.. entries];
        foreach ((Range part, StatsReplyFlags flags) in Parts(all.Length, PortsInPart))
            Output.Append(new PortStatsReply { Xid = request.Xid, Flags = flags, Entries = all[part] });
        return null;
    }

    // At least one, all but the last of which say that more follow.
    private static IEnumerable<(Range Part, StatsReplyFlags Flags)> Parts(int count, int inPart)
    {
        int at = 0;
        for (; at + inPart < count; at += inPart)
            yield return (at..(at + inPart), StatsReplyFlags.More);
        yield return (at..count, StatsReplyFlags.None);
    }

    // One table, number 0. As in the reference switch, the emergency table is told of only by its own number.
    private IEnumerable<FlowEntry> EntriesOf(byte table) => table switch
    {
        0 or AllTables => _switch.Table.Entries,
        EmergencyTable when _switch.EmergencyTable is { } emergency => emergency.Entries,
        _ => [],
    };

    private static bool IsAskedFor(FlowEntry entry, in Match match, ushort outPort) => entry.OutputsTo(outPort) && match.Covers(entry.Match);

    private static TableStats Describe(FlowTable table, byte id, string name) => new()
    {
        TableId = id,
        Name = TableName.From(name),
        Wildcards = Wildcard.DefinedBits,
        MaxEntries = (uint)table.Capacity,
        ActiveCount = (uint)table.Count,
        LookupCount = table.Lookups,
        MatchedCount = table.Matched,
    };

    private static FlowStatsEntry Describe(FlowEntry entry, TimeSpan now)
    {
        ActionList.TryRead(entry.ActionBytes, out ActionList actions, out _);
        (uint seconds, uint nanoseconds) = Duration(now - entry.Created);
        return new FlowStatsEntry
        {
            TableId = (entry.Flags & FlowModFlags.Emergency) == 0 ? (byte)0 : EmergencyTable,
            Match = entry.Match,
            DurationSeconds = seconds,
            DurationNanoseconds = nanoseconds,
            Priority = entry.Priority,
            IdleTimeout = entry.IdleTimeout,
            HardTimeout = entry.HardTimeout,
            Cookie = entry.Cookie,
            PacketCount = entry.Packets,
            ByteCount = entry.Bytes,
            Actions = actions,
        };
    }

    private static (uint Seconds, uint Nanoseconds) Duration(TimeSpan span) =>
        ((uint)(span.Ticks / TimeSpan.TicksPerSecond), (uint)(span.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick));
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NetServ.OpenFlow.Tests.Oracles;

/// <summary>
/// What "ovs-ofctl ofp-parse" prints for a message that we have read: every value that it shows, in its words. Left out: its summary of the
/// frame in PACKET_IN and PACKET_OUT, the speed it computes of a port's features, which fields a table supports.
/// </summary>
internal static partial class OvsText
{
    /// <summary>The lines for a message, first the one with its name and xid.</summary>
    public static List<string> Render(ReadOnlySpan<byte> message)
    {
        Assert.That(MessageTable.TryIdentify(message, out MessageKind kind, out DecodeError error), Is.True, error.ToString());
        List<string> lines = Body(kind, message);
        lines[0] = $"{NameOf(kind)} (xid=0x{Header.ReadXid(message):x}):{lines[0]}";
        return [.. lines.Select(line => line.TrimEnd())];
    }

    private static string NameOf(MessageKind kind)
    {
        string name = MessageTable.Row(kind).Name;
        if (name.StartsWith("STATS_", StringComparison.Ordinal))
            return name.StartsWith("STATS_REQUEST ", StringComparison.Ordinal) ? $"OFPST_{name[14..]} request" : $"OFPST_{name[12..]} reply";
        return name.StartsWith("NXT_", StringComparison.Ordinal) ? name : "OFPT_" + name;
    }

    private static T Read<T>(ReadOnlySpan<byte> message)
        where T : struct, IMessage<T>, allows ref struct
    {
        bool ok = T.TryRead(message, out T value, out DecodeError error);
        Assert.That(ok, Is.True, error.ToString());
        return value;
    }

    private static List<string> Body(MessageKind kind, ReadOnlySpan<byte> m) => kind switch
    {
        MessageKind.Hello => ["", " version bitmap: 0x01"],
        MessageKind.Error => Error(Read<ErrorMessage>(m)),
        MessageKind.EchoRequest => Payload(Read<EchoRequest>(m).Data),
        MessageKind.EchoReply => Payload(Read<EchoReply>(m).Data),
        MessageKind.FeaturesReply => Features(Read<FeaturesReply>(m)),
        MessageKind.GetConfigReply => Config(Read<GetConfigReply>(m).Flags, Read<GetConfigReply>(m).MissSendLength),
        MessageKind.SetConfig => Config(Read<SetConfig>(m).Flags, Read<SetConfig>(m).MissSendLength),
        MessageKind.PacketIn => PacketIn(Read<PacketIn>(m)),
        MessageKind.FlowRemoved => FlowRemoved(Read<FlowRemoved>(m)),
        MessageKind.PortStatus => PortStatus(Read<PortStatus>(m)),
        MessageKind.PacketOut => PacketOut(Read<PacketOut>(m)),
        MessageKind.FlowMod => FlowMod(Read<FlowMod>(m)),
        MessageKind.PortMod => PortMod(Read<PortMod>(m)),
        MessageKind.QueueGetConfigRequest => [$" port={Read<QueueGetConfigRequest>(m).Port}"],
        MessageKind.QueueGetConfigReply => Queues(Read<QueueGetConfigReply>(m)),
        MessageKind.NiciraRoleRequest => [Role(Read<NiciraRoleRequest>(m).Role)],
        MessageKind.NiciraRoleReply => [Role(Read<NiciraRoleReply>(m).Role)],
        MessageKind.NiciraSetControllerId => [$" id={Read<NiciraSetControllerId>(m).ControllerId}"],
        MessageKind.DescStatsReply => Description(Read<DescStatsReply>(m)),
        MessageKind.FlowStatsRequest => Flows(Read<FlowStatsRequest>(m).TableId, Read<FlowStatsRequest>(m).OutPort, Read<FlowStatsRequest>(m).Match),
        MessageKind.AggregateStatsRequest =>
            Flows(Read<AggregateStatsRequest>(m).TableId, Read<AggregateStatsRequest>(m).OutPort, Read<AggregateStatsRequest>(m).Match),
        MessageKind.FlowStatsReply => Flows(Read<FlowStatsReply>(m)),
        MessageKind.AggregateStatsReply => Aggregate(Read<AggregateStatsReply>(m)),
        MessageKind.TableStatsReply => Tables(Read<TableStatsReply>(m)),
        MessageKind.PortStatsRequest => [$" port_no={Port(Read<PortStatsRequest>(m).PortNumber)}"],
        MessageKind.PortStatsReply => Counters(Read<PortStatsReply>(m)),
        MessageKind.QueueStatsRequest => [Queue(Read<QueueStatsRequest>(m))],
        MessageKind.QueueStatsReply => QueueCounters(Read<QueueStatsReply>(m)),
        _ => [""],
    };

    private static List<string> Error(ErrorMessage m)
    {
        List<string> lines = [" " + ErrorName(m.Error)];
        if ((uint)m.Error >> 16 != 0)
            lines.Add($"OFPT_ECHO_REQUEST (xid=0x{Header.ReadXid(m.Data):x}): {m.Data.Length - Header.Size} bytes of payload");
        else if (!m.Data.IsEmpty)
            lines.Add(Encoding.ASCII.GetString(m.Data));
        return lines;
    }

    // OFPBRC_BAD_VERSION for BadRequestBadVersion: initials of the type's words (a flow-mod error is OFPFMFC), then the code in capitals.
    private static string ErrorName(ErrorCode error)
    {
        string type = ((ErrorType)((uint)error >> 16)).ToString();
        string initials = type switch
        {
            nameof(ErrorType.HelloFailed) => "HFC",
            nameof(ErrorType.BadRequest) => "BRC",
            nameof(ErrorType.BadAction) => "BAC",
            nameof(ErrorType.FlowModFailed) => "FMFC",
            nameof(ErrorType.PortModFailed) => "PMFC",
            _ => "QOFC",
        };
        string code = error.ToString()[type.Length..];
        return $"OFP{initials}_{ErrorWords(code)}";
    }

    // Names that later versions of the specification changed.
    private static string ErrorWords(string code) => code switch
    {
        "EPerm" => "EPERM",
        "BadVendor" => "BAD_VENDOR",
        "AllTablesFull" => "TABLE_FULL",
        _ => WordStart().Replace(code, "_$1").TrimStart('_').ToUpperInvariant(),
    };

    [GeneratedRegex("([A-Z])")]
    private static partial Regex WordStart();

    private static List<string> Payload(ReadOnlySpan<byte> data)
    {
        List<string> lines = [$" {data.Length} bytes of payload"];
        for (int at = 0; at < data.Length; at += 16)
            lines.Add($"{at:x8} {Convert.ToHexStringLower(data[at..Math.Min(at + 16, data.Length)])}");
        return lines;
    }

    private static List<string> Config(ConfigFlags flags, ushort missSendLength)
    {
        string fragments = (flags & ConfigFlags.FragmentsMask) switch { ConfigFlags.FragmentsDrop => "drop", ConfigFlags.FragmentsReassemble => "reassemble", _ => "normal" };
        return [$" frags={fragments} miss_send_len={missSendLength}"];
    }

    private static List<string> PacketIn(PacketIn m)
    {
        string buffer = m.BufferId == BufferId.None ? "(unbuffered)" : $"buffer=0x{m.BufferId:x8}";
        string reason = m.Reason == PacketInReason.NoMatch ? "no_match" : "action";
        return [$" total_len={m.TotalLength} in_port={Port(m.InPort)} (via {reason}) data_len={m.Data.Length} {buffer}"];
    }

    private static List<string> PacketOut(PacketOut m)
    {
        string frame = m.BufferId == BufferId.None ? $"data_len={m.Data.Length}" : $"buffer=0x{m.BufferId:x8}";
        return [$" in_port={Port(m.InPort)} actions={Actions(m.Actions)} {frame}"];
    }

    private static List<string> FlowRemoved(FlowRemoved m)
    {
        string reason = m.Reason switch { FlowRemovedReason.IdleTimeout => "idle", FlowRemovedReason.HardTimeout => "hard", _ => "delete" };
        string cookie = m.Cookie == 0 ? "" : $" cookie:0x{m.Cookie:x}";
        return [$" {PriorityAndMatch(m.Priority, m.Match)}reason={reason}{cookie} duration{Duration(m.DurationSeconds, m.DurationNanoseconds)} idle{m.IdleTimeout} pkts{m.PacketCount} bytes{m.ByteCount}"];
    }

    private static List<string> FlowMod(FlowMod m)
    {
        StringBuilder text = new();
        string command = m.Command switch
        {
            FlowModCommand.Add => "ADD",
            FlowModCommand.Modify => "MOD",
            FlowModCommand.ModifyStrict => "MOD_STRICT",
            FlowModCommand.Delete => "DEL",
            _ => "DEL_STRICT",
        };
        // An exact match has no priority in OpenFlow 1.0: it comes before all others.
        ushort priority = (m.Match.Wildcards & Wildcard.DefinedBits) == 0 ? ushort.MaxValue : m.Priority;
        text.Append(CultureInfo.InvariantCulture, $" {command} {PriorityAndMatch(priority, m.Match)}");
        text.Append(m.Cookie is 0 or ulong.MaxValue ? "" : $"cookie:0x{m.Cookie:x} ");
        text.Append(m.IdleTimeout == 0 ? "" : $"idle:{m.IdleTimeout} ");
        text.Append(m.HardTimeout == 0 ? "" : $"hard:{m.HardTimeout} ");
        text.Append(m.BufferId == BufferId.None ? "" : $"buf:0x{m.BufferId:x} ");
        text.Append(m.OutPort == PortNo.None ? "" : $"out_port:{Port(m.OutPort)} ");
        text.Append(m.Flags.HasFlag(FlowModFlags.SendFlowRemoved) ? "send_flow_rem " : "");
        text.Append(m.Flags.HasFlag(FlowModFlags.CheckOverlap) ? "check_overlap " : "");
        return [text.Append("actions=").Append(Actions(m.Actions)).ToString()];
    }

    private static string Role(NiciraRole role) => " role=" + role switch { NiciraRole.Other => "equal", NiciraRole.Primary => "primary", _ => "secondary" };

    /// <summary>The match alone, empty when everything matches.</summary>
    public static string MatchText(in Match match)
    {
        Match m = match.Normalize();
        string text = m == OpenFlow.Match.Any ? "" : m.ToString();
        text = text.Replace("dl_vlan=0xffff", "vlan_tci=0x0000", StringComparison.Ordinal);
        foreach ((string type, string name) in (ReadOnlySpan<(string, string)>)[("dl_type=0x8847", "mpls"), ("dl_type=0x8848", "mplsm"), ("dl_type=0x86dd", "ipv6")])
        {
            if (text.Contains(type, StringComparison.Ordinal))
                text = name + ("," + text).Replace("," + type, "", StringComparison.Ordinal);
        }
        return text;
    }

    private static string PriorityAndMatch(ushort priority, in Match match)
    {
        // 32768 is the default and goes without saying.
        string[] parts = [priority == 0x8000 ? "" : $"priority={priority}", MatchText(match)];
        string text = string.Join(',', parts.Where(part => part.Length > 0));
        return text.Length == 0 ? "" : text + " ";
    }

    private static string Actions(ActionList actions) => actions.ToString();

    private static string Duration(uint seconds, uint nanoseconds) =>
        nanoseconds == 0 ? $"{seconds}s" : $"{seconds}.{nanoseconds:d9}".TrimEnd('0') + "s";

    private static string Port(ushort port) => port == PortNo.None ? "ANY" : PortNo.ToString(port);
}

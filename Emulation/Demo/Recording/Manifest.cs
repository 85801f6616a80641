using System.Text.Json;
using NetServ.Demo.Measuring;
using NetServ.Demo.Running;
using NetServ.Demo.Traffic;
using NetServ.Packets;

namespace NetServ.Demo.Recording;

/// <summary>What the recorded files do not say themselves: what hangs where, the flow table, the filter, and when each part of the run was.</summary>
internal static class Manifest
{
    /// <summary>Writes it.</summary>
    public static void Write(
        string path, DemoOptions options, ITraffic traffic, Testbed testbed, PhaseMarks marks, IReadOnlyList<TransitionMark> transitions) =>
        File.WriteAllText(path, JsonSerializer.Serialize(
            new
            {
                @switch = options.Switch,
                nodes = options.Nodes,
                module = options.Module,
                pps = options.Pps,
                burst = options.Burst,
                identity = options.Pcap is null ? "token" : "bytes",
                filter = new { text = traffic.Filter.ToString(), proto = traffic.Filter.Protocol, port = traffic.Filter.Port, address = traffic.Filter.Address.ToString() },
                ports = testbed.Taps.Select(t => new
                {
                    number = t.Number,
                    name = t.Name,
                    role = t.Role == PortRole.Node ? "node" : "host",
                    into = RunRecord.NameOf(t.Number, "in"),
                    outOf = RunRecord.NameOf(t.Number, "out"),
                }),
                connections = Enumerable.Range(1, testbed.Relay.Connections).Select(i => $"openflow-{i}.pcap"),
                parts = marks.Spans.ToDictionary(
                    s => s.Key.ToString().ToLowerInvariant(), s => new { code = (int)s.Key, begin = s.Value.Begin, settled = s.Value.Settled, end = s.Value.End }),
                transitions = transitions.Select(t => new { name = t.Name, code = (int)t.Code, throughNodes = t.ThroughNodes, asked = t.Asked, acknowledged = t.Acknowledged }),
                flows = traffic.Flows.Select(Describe),
            },
            JsonSerializerOptions.Web));

    private static object Describe(Flow flow) => new
    {
        index = flow.Index,
        kind = flow.Kind,
        matching = flow.Matching,
        running = flow.Running,
        answerTo = flow.AnswerTo,
        sender = flow.SenderPort,
        receivers = flow.ReceiverPorts,
        link = new
        {
            source = new MacAddress(flow.Link.Source).ToString(),
            destination = new MacAddress(flow.Link.Destination).ToString(),
            vlan = flow.Link.Vlan,
            type = flow.Link.Type,
        },
        tuple = new object[]
        {
            new Ipv4Address(flow.Tuple.Source).ToString(), new Ipv4Address(flow.Tuple.Destination).ToString(),
            flow.Tuple.Protocol, flow.Tuple.SourcePort, flow.Tuple.DestinationPort,
        },
    };
}

/// <summary>When a request left and was acknowledged, ns, and which way its flows have to go from then on.</summary>
internal sealed record TransitionMark(string Name, PhaseCode Code, bool ThroughNodes, long Asked, long Acknowledged);

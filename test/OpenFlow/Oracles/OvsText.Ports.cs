namespace NetServ.OpenFlow.Tests.Oracles;

internal static partial class OvsText
{
    private static readonly (PortConfig Bit, string Name)[] s_config =
    [
        (PortConfig.PortDown, "PORT_DOWN"), (PortConfig.NoStp, "NO_STP"), (PortConfig.NoReceive, "NO_RECV"), (PortConfig.NoReceiveStp, "NO_RECV_STP"),
        (PortConfig.NoFlood, "NO_FLOOD"), (PortConfig.NoForward, "NO_FWD"), (PortConfig.NoPacketIn, "NO_PACKET_IN"),
    ];

    private static readonly (PortFeatures Bit, string Name)[] s_features =
    [
        (PortFeatures.Half10Mb, "10MB-HD"), (PortFeatures.Full10Mb, "10MB-FD"), (PortFeatures.Half100Mb, "100MB-HD"), (PortFeatures.Full100Mb, "100MB-FD"),
        (PortFeatures.Half1Gb, "1GB-HD"), (PortFeatures.Full1Gb, "1GB-FD"), (PortFeatures.Full10Gb, "10GB-FD"), (PortFeatures.Copper, "COPPER"),
        (PortFeatures.Fiber, "FIBER"), (PortFeatures.AutoNegotiation, "AUTO_NEG"), (PortFeatures.Pause, "AUTO_PAUSE"), (PortFeatures.PauseAsymmetric, "AUTO_PAUSE_ASYM"),
    ];

    private static readonly (Capabilities Bit, string Name)[] s_capabilities =
    [
        (Capabilities.FlowStats, "FLOW_STATS"), (Capabilities.TableStats, "TABLE_STATS"), (Capabilities.PortStats, "PORT_STATS"), (Capabilities.Stp, "STP"),
        (Capabilities.IpReassembly, "IP_REASM"), (Capabilities.QueueStats, "QUEUE_STATS"), (Capabilities.ArpMatchIp, "ARP_MATCH_IP"),
    ];

    private static readonly string[] s_actions =
        ["output", "set_vlan_vid", "set_vlan_pcp", "strip_vlan", "mod_dl_src", "mod_dl_dst", "mod_nw_src", "mod_nw_dst", "mod_nw_tos", "mod_tp_src", "mod_tp_dst", "enqueue"];

    private static string Names<T>(T value, (T Bit, string Name)[] names)
        where T : struct, Enum
    {
        string text = string.Join(' ', names.Where(n => value.HasFlag(n.Bit)).Select(n => n.Name));
        return text.Length == 0 ? "0" : text;
    }

    private static List<string> Features(FeaturesReply m)
    {
        List<string> lines =
        [
            $" dpid:{m.DatapathId:x16}",
            $"n_tables:{m.TableCount}, n_buffers:{m.BufferCount}",
            $"capabilities: {Names(m.Capabilities, s_capabilities)}",
        ];
        if ((m.Actions & 0xfff) != 0)
            lines.Add("actions: " + ActionBits(m.Actions));
        // It sorts the ports.
        List<PhyPort> ports = [];
        foreach (PhyPort port in m.Ports)
            ports.Add(port);
        foreach (PhyPort port in ports.OrderBy(port => port.PortNumber))
        {
            lines.Add($" {Title(port)}");
            AddPort(lines, port);
        }
        return lines;
    }

    private static string ActionBits(uint bits)
    {
        // It shows ENQUEUE behind OUTPUT.
        int[] order = [0, 11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        return string.Join(' ', order.Where(i => (bits & (1u << i)) != 0).Select(i => s_actions[i]));
    }

    private static List<string> PortStatus(PortStatus m)
    {
        string reason = m.Reason switch { PortStatusReason.Add => "ADD", PortStatusReason.Delete => "DEL", _ => "MOD" };
        List<string> lines = [$" {reason}: {Title(m.Port)}"];
        AddPort(lines, m.Port);
        return lines;
    }

    private static string Title(in PhyPort port) => $"{Port(port.PortNumber)}({port.Name}): addr:{port.HardwareAddress}";

    private static void AddPort(List<string> lines, in PhyPort port)
    {
        lines.Add($"     config:     {Names(port.Config, s_config)}");
        lines.Add($"     state:      {State(port.State)}");
        AddFeatures(lines, "     current:    ", port.Current);
        AddFeatures(lines, "     advertised: ", port.Advertised);
        AddFeatures(lines, "     supported:  ", port.Supported);
        AddFeatures(lines, "     peer:       ", port.Peer);
    }

    private static void AddFeatures(List<string> lines, string title, PortFeatures features)
    {
        if (features != 0)
            lines.Add(title + Names(features, s_features));
    }

    // It leaves no blank between the spanning tree state and the next word.
    private static string State(PortState state)
    {
        string stp = (state & PortState.StpBlock) switch { PortState.StpLearn => "STP_LEARN", PortState.StpForward => "STP_FORWARD", PortState.StpBlock => "STP_BLOCK", _ => "" };
        string text = stp + (state.HasFlag(PortState.LinkDown) ? "LINK_DOWN" : "");
        return text.Length == 0 ? "0" : text;
    }

    private static List<string> PortMod(PortMod m)
    {
        string advertise = m.Advertise == 0 ? "UNCHANGED" : Names(m.Advertise, s_features);
        // It shows only those bits that the mask lets through.
        return
        [
            $" port: {Port(m.PortNumber)}: addr:{m.HardwareAddress}",
            $"     config: {Names(m.Config & m.Mask, s_config)}",
            $"     mask:   {Names(m.Mask, s_config)}",
            $"     advertise: {advertise}",
        ];
    }

    private static List<string> Queues(QueueGetConfigReply m)
    {
        List<(uint Id, string Text)> queues = [];
        foreach (PacketQueue queue in m.Queues)
        {
            string text = $"queue {queue.QueueId}:";
            foreach (QueueProperty property in queue)
                text += $" min_rate:{property.Rate / 10}.{property.Rate % 10}%";
            queues.Add((queue.QueueId, text));
        }
        // It names the port with the queues, and sorts them.
        return [queues.Count == 0 ? "" : $" port={m.Port}", .. queues.OrderBy(q => q.Id).ThenBy(q => q.Text, StringComparer.Ordinal).Select(q => q.Text)];
    }
}

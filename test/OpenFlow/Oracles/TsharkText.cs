namespace NetServ.OpenFlow.Tests.Oracles;

/// <summary>
/// What tshark's dissector of OpenFlow 1.0 shows of a message that we have read, field by field. It reads the header of all messages and the
/// body of those below; of several actions it reads the first.
/// </summary>
internal static class TsharkText
{
    public static readonly string[] Fields =
    [
        "openflow.version", "openflow_1_0.type", "openflow.length", "openflow.xid", "_ws.malformed",
        "openflow.wildcards", "openflow.in_port", "openflow.eth_src", "openflow.eth_dst", "openflow.dl_vlan", "openflow.dl_vlan_pcp",
        "openflow.ofp_match.dl_type", "openflow.ofp_match.tos", "openflow.ofp_match.nw_proto",
        "openflow.ofp_match.source_addr", "openflow.ofp_match.dest_addr", "openflow.ofp_match.source_port", "openflow.ofp_match.dest_port",
        "openflow.cookie", "openflow.command", "openflow.idle_timeout", "openflow.hard_timeout", "openflow.priority", "openflow.buffer_id",
        "openflow.out_port", "openflow.table_id", "openflow.stats.type", "openflow.flags", "openflow.actions_len", "openflow.total_len", "openflow.reason",
        "openflow.config_flags", "openflow.miss_send_len",
        "openflow.datapath_id", "openflow.n_buffers", "openflow.n_tables", "openflow.capabilities", "openflow.actions",
        "openflow.port_no", "openflow.hw_add", "openflow.port_name", "openflow.port_config", "openflow.port_state",
        "openflow.port_curr", "openflow.port_advertised", "openflow.port_supported", "openflow.port_peer",
        "openflow.action_typ", "openflow.action_len", "openflow.output_port", "openflow.max_len",
    ];

    /// <summary>Expected values by field; a field that is absent must be empty, but for those of actions behind the first.</summary>
    public static Dictionary<string, string> Render(ReadOnlySpan<byte> message)
    {
        Assert.That(MessageTable.TryIdentify(message, out MessageKind kind, out DecodeError error), Is.True, error.ToString());
        Header.TryRead(message, out Header header);
        Dictionary<string, string> values = new()
        {
            ["openflow.version"] = $"0x{header.Version:x2}",
            ["openflow_1_0.type"] = $"{(byte)header.Type}",
            ["openflow.length"] = $"{header.Length}",
            ["openflow.xid"] = $"{header.Xid}",
        };
        switch (kind)
        {
            case MessageKind.FlowMod: Add(values, Read<FlowMod>(message)); break;
            case MessageKind.PacketOut: Add(values, Read<PacketOut>(message)); break;
            case MessageKind.PacketIn: Add(values, Read<PacketIn>(message)); break;
            case MessageKind.GetConfigReply: AddConfig(values, Read<GetConfigReply>(message).Flags, Read<GetConfigReply>(message).MissSendLength); break;
            case MessageKind.SetConfig: AddConfig(values, Read<SetConfig>(message).Flags, Read<SetConfig>(message).MissSendLength); break;
            case MessageKind.FeaturesReply: Add(values, Read<FeaturesReply>(message)); break;
            case MessageKind.FlowStatsRequest: Add(values, Read<FlowStatsRequest>(message)); break;
        }
        if (header.Type is MessageType.StatsRequest or MessageType.StatsReply)
        {
            values["openflow.stats.type"] = $"{Wire.U16(message, 8)}";
            values["openflow.flags"] = $"{Wire.U16(message, 10)}";
        }
        return values;
    }

    private static T Read<T>(ReadOnlySpan<byte> message)
        where T : struct, IMessage<T>, allows ref struct
    {
        bool ok = T.TryRead(message, out T value, out DecodeError error);
        Assert.That(ok, Is.True, error.ToString());
        return value;
    }

    private static void Add(Dictionary<string, string> values, in Match m)
    {
        values["openflow.wildcards"] = $"{m.Wildcards}";
        values["openflow.in_port"] = $"{m.InPort}";
        values["openflow.eth_src"] = m.DlSrc.ToString();
        values["openflow.eth_dst"] = m.DlDst.ToString();
        values["openflow.dl_vlan"] = $"{m.DlVlan}";
        values["openflow.dl_vlan_pcp"] = $"{m.DlVlanPcp}";
        values["openflow.ofp_match.dl_type"] = $"{m.DlType}";
        values["openflow.ofp_match.tos"] = $"{m.NwTos}";
        values["openflow.ofp_match.nw_proto"] = $"{m.NwProto}";
        values["openflow.ofp_match.source_addr"] = m.NwSrc.ToString();
        values["openflow.ofp_match.dest_addr"] = m.NwDst.ToString();
        values["openflow.ofp_match.source_port"] = $"{m.TpSrc}";
        values["openflow.ofp_match.dest_port"] = $"{m.TpDst}";
    }

    private static void Add(Dictionary<string, string> values, FlowMod m)
    {
        Add(values, m.Match);
        values["openflow.cookie"] = $"0x{m.Cookie:x16}";
        values["openflow.command"] = $"{(ushort)m.Command}";
        values["openflow.idle_timeout"] = $"{m.IdleTimeout}";
        values["openflow.hard_timeout"] = $"{m.HardTimeout}";
        values["openflow.priority"] = $"{m.Priority}";
        values["openflow.buffer_id"] = $"0x{m.BufferId:x8}";
        values["openflow.out_port"] = $"{m.OutPort}";
        values["openflow.flags"] = $"{(ushort)m.Flags}";
        Add(values, m.Actions);
    }

    private static void Add(Dictionary<string, string> values, ActionList actions)
    {
        foreach (ActionView action in actions)
        {
            values["openflow.action_typ"] = $"{(ushort)action.Type}";
            values["openflow.action_len"] = $"{action.Bytes.Length}";
            if (action.Type == ActionType.Output)
            {
                values["openflow.output_port"] = $"{action.Port}";
                values["openflow.max_len"] = $"{action.MaxLength}";
            }
            break;
        }
    }

    private static void Add(Dictionary<string, string> values, PacketOut m)
    {
        values["openflow.buffer_id"] = $"0x{m.BufferId:x8}";
        values["openflow.in_port"] = $"{m.InPort}";
        values["openflow.actions_len"] = $"{m.Actions.Length}";
        Add(values, m.Actions);
    }

    private static void Add(Dictionary<string, string> values, PacketIn m)
    {
        values["openflow.buffer_id"] = $"0x{m.BufferId:x8}";
        values["openflow.total_len"] = $"{m.TotalLength}";
        values["openflow.in_port"] = $"{m.InPort}";
        values["openflow.reason"] = $"{(byte)m.Reason}";
    }

    private static void AddConfig(Dictionary<string, string> values, ConfigFlags flags, ushort missSendLength)
    {
        values["openflow.config_flags"] = $"0x{(ushort)flags:x4}";
        values["openflow.miss_send_len"] = $"0x{missSendLength:x4}";
    }

    private static void Add(Dictionary<string, string> values, FlowStatsRequest m)
    {
        Add(values, m.Match);
        values["openflow.table_id"] = $"{m.TableId}";
        values["openflow.out_port"] = $"{m.OutPort}";
    }

    private static void Add(Dictionary<string, string> values, FeaturesReply m)
    {
        values["openflow.datapath_id"] = $"0x{m.DatapathId:x16}";
        values["openflow.n_buffers"] = $"{m.BufferCount}";
        values["openflow.n_tables"] = $"{m.TableCount}";
        values["openflow.capabilities"] = $"0x{(uint)m.Capabilities:x8}";
        values["openflow.actions"] = $"0x{m.Actions:x8}";
        List<PhyPort> ports = [];
        foreach (PhyPort port in m.Ports)
            ports.Add(port);
        void AddAll(string field, Func<PhyPort, string> value)
        {
            if (ports.Count > 0)
                values[field] = string.Join(',', ports.Select(value));
        }
        AddAll("openflow.port_no", p => $"{p.PortNumber}");
        AddAll("openflow.hw_add", p => p.HardwareAddress.ToString());
        AddAll("openflow.port_name", p => p.Name.ToString());
        AddAll("openflow.port_config", p => $"0x{(uint)p.Config:x8}");
        AddAll("openflow.port_state", p => $"0x{(uint)p.State:x8}");
        AddAll("openflow.port_curr", p => $"0x{(uint)p.Current:x8}");
        AddAll("openflow.port_advertised", p => $"0x{(uint)p.Advertised:x8}");
        AddAll("openflow.port_supported", p => $"0x{(uint)p.Supported:x8}");
        AddAll("openflow.port_peer", p => $"0x{(uint)p.Peer:x8}");
    }
}

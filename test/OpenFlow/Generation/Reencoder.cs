namespace NetServ.OpenFlow.Tests.Generation;

/// <summary>Reads a message of any kind and writes what was read, actions one by one through the writer of their type.</summary>
public sealed class Reencoder
{
    private readonly byte[] _scratch = new byte[Framing.MaxLength];

    /// <summary>Returns the length written, or -1 with the error.</summary>
    public int Reencode(ReadOnlySpan<byte> message, Span<byte> to, out DecodeError error)
    {
        if (!MessageTable.TryIdentify(message, out MessageKind kind, out error))
            return -1;
        return kind switch
        {
            MessageKind.Hello => Pass<Hello>(message, to, out error),
            MessageKind.Error => Pass<ErrorMessage>(message, to, out error),
            MessageKind.EchoRequest => Pass<EchoRequest>(message, to, out error),
            MessageKind.EchoReply => Pass<EchoReply>(message, to, out error),
            MessageKind.Vendor => Pass<VendorMessage>(message, to, out error),
            MessageKind.FeaturesRequest => Pass<FeaturesRequest>(message, to, out error),
            MessageKind.FeaturesReply => Pass<FeaturesReply>(message, to, out error),
            MessageKind.GetConfigRequest => Pass<GetConfigRequest>(message, to, out error),
            MessageKind.GetConfigReply => Pass<GetConfigReply>(message, to, out error),
            MessageKind.SetConfig => Pass<SetConfig>(message, to, out error),
            MessageKind.PacketIn => Pass<PacketIn>(message, to, out error),
            MessageKind.FlowRemoved => Pass<FlowRemoved>(message, to, out error),
            MessageKind.PortStatus => Pass<PortStatus>(message, to, out error),
            MessageKind.PacketOut => PassPacketOut(message, to, out error),
            MessageKind.FlowMod => PassFlowMod(message, to, out error),
            MessageKind.PortMod => Pass<PortMod>(message, to, out error),
            MessageKind.BarrierRequest => Pass<BarrierRequest>(message, to, out error),
            MessageKind.BarrierReply => Pass<BarrierReply>(message, to, out error),
            MessageKind.QueueGetConfigRequest => Pass<QueueGetConfigRequest>(message, to, out error),
            MessageKind.QueueGetConfigReply => PassQueues(message, to, out error),
            MessageKind.DescStatsRequest => Pass<DescStatsRequest>(message, to, out error),
            MessageKind.DescStatsReply => Pass<DescStatsReply>(message, to, out error),
            MessageKind.FlowStatsRequest => Pass<FlowStatsRequest>(message, to, out error),
            MessageKind.FlowStatsReply => PassFlows(message, to, out error),
            MessageKind.AggregateStatsRequest => Pass<AggregateStatsRequest>(message, to, out error),
            MessageKind.AggregateStatsReply => Pass<AggregateStatsReply>(message, to, out error),
            MessageKind.TableStatsRequest => Pass<TableStatsRequest>(message, to, out error),
            MessageKind.TableStatsReply => Pass<TableStatsReply>(message, to, out error),
            MessageKind.PortStatsRequest => Pass<PortStatsRequest>(message, to, out error),
            MessageKind.PortStatsReply => Pass<PortStatsReply>(message, to, out error),
            MessageKind.QueueStatsRequest => Pass<QueueStatsRequest>(message, to, out error),
            MessageKind.QueueStatsReply => Pass<QueueStatsReply>(message, to, out error),
            MessageKind.VendorStatsRequest => Pass<VendorStatsRequest>(message, to, out error),
            MessageKind.VendorStatsReply => Pass<VendorStatsReply>(message, to, out error),
            MessageKind.NiciraRoleRequest => Pass<NiciraRoleRequest>(message, to, out error),
            MessageKind.NiciraRoleReply => Pass<NiciraRoleReply>(message, to, out error),
            MessageKind.NiciraSetControllerId => Pass<NiciraSetControllerId>(message, to, out error),
            _ => throw new InvalidOperationException($"no decoder for {kind}"),
        };
    }

    private static int Pass<T>(ReadOnlySpan<byte> message, Span<byte> to, out DecodeError error)
        where T : struct, IMessage<T>, allows ref struct => T.TryRead(message, out T value, out error) ? value.Write(to) : -1;

    private int PassPacketOut(ReadOnlySpan<byte> message, Span<byte> to, out DecodeError error)
    {
        if (!PacketOut.TryRead(message, out PacketOut m, out error))
            return -1;
        return new PacketOut { Xid = m.Xid, BufferId = m.BufferId, InPort = m.InPort, Actions = Rebuild(m.Actions, _scratch), Data = m.Data }.Write(to);
    }

    private int PassFlowMod(ReadOnlySpan<byte> message, Span<byte> to, out DecodeError error)
    {
        if (!FlowMod.TryRead(message, out FlowMod m, out error))
            return -1;
        return new FlowMod
        {
            Xid = m.Xid,
            Match = m.Match,
            Cookie = m.Cookie,
            Command = m.Command,
            IdleTimeout = m.IdleTimeout,
            HardTimeout = m.HardTimeout,
            Priority = m.Priority,
            BufferId = m.BufferId,
            OutPort = m.OutPort,
            Flags = m.Flags,
            Actions = Rebuild(m.Actions, _scratch),
        }.Write(to);
    }

    private int PassFlows(ReadOnlySpan<byte> message, Span<byte> to, out DecodeError error)
    {
        if (!FlowStatsReply.TryRead(message, out FlowStatsReply m, out error))
            return -1;
        FlowStatsReplyWriter writer = new(to, m.Xid);
        foreach (FlowStatsEntry flow in m.Entries)
        {
            FlowStatsEntry copy = new()
            {
                TableId = flow.TableId,
                Match = flow.Match,
                DurationSeconds = flow.DurationSeconds,
                DurationNanoseconds = flow.DurationNanoseconds,
                Priority = flow.Priority,
                IdleTimeout = flow.IdleTimeout,
                HardTimeout = flow.HardTimeout,
                Cookie = flow.Cookie,
                PacketCount = flow.PacketCount,
                ByteCount = flow.ByteCount,
                Actions = Rebuild(flow.Actions, _scratch),
            };
            if (!writer.TryAppend(copy))
                throw new InvalidOperationException("the flow entry does not fit");
        }
        return writer.Finish((m.Flags & StatsReplyFlags.More) != 0);
    }

    private int PassQueues(ReadOnlySpan<byte> message, Span<byte> to, out DecodeError error)
    {
        if (!QueueGetConfigReply.TryRead(message, out QueueGetConfigReply m, out error))
            return -1;
        PacketQueueWriter writer = new(_scratch);
        Span<QueueProperty> properties = stackalloc QueueProperty[16];
        foreach (PacketQueue queue in m.Queues)
        {
            int count = 0;
            foreach (QueueProperty property in queue)
            {
                if (count == properties.Length)
                    return m.Write(to);
                properties[count++] = property;
            }
            writer.Append(queue.QueueId, properties[..count]);
        }
        return new QueueGetConfigReply { Xid = m.Xid, Port = m.Port, Queues = writer.AsList() }.Write(to);
    }

    private static ActionList Rebuild(ActionList actions, Span<byte> to)
    {
        ActionWriter writer = new(to);
        foreach (ActionView action in actions)
            Append(ref writer, action);
        return writer.AsList();
    }

    private static void Append(ref ActionWriter writer, ActionView action)
    {
        switch (action.Type)
        {
            case ActionType.Output: writer.Output(action.Port, action.MaxLength); break;
            case ActionType.SetVlanVid: writer.SetVlanVid(action.VlanVid); break;
            case ActionType.SetVlanPcp: writer.SetVlanPcp(action.VlanPcp); break;
            case ActionType.StripVlan: writer.StripVlan(); break;
            case ActionType.SetDlSrc: writer.SetDlSrc(action.DlAddress); break;
            case ActionType.SetDlDst: writer.SetDlDst(action.DlAddress); break;
            case ActionType.SetNwSrc: writer.SetNwSrc(action.NwAddress); break;
            case ActionType.SetNwDst: writer.SetNwDst(action.NwAddress); break;
            case ActionType.SetNwTos: writer.SetNwTos(action.NwTos); break;
            case ActionType.SetTpSrc: writer.SetTpSrc(action.TpPort); break;
            case ActionType.SetTpDst: writer.SetTpDst(action.TpPort); break;
            case ActionType.Enqueue: writer.Enqueue(action.Port, action.QueueId); break;
            case ActionType.Vendor when action.IsDecTtl: writer.DecTtl(); break;
            case ActionType.Vendor when action.IsController: writer.Controller(action.ControllerMaxLength, action.ControllerId); break;
            case ActionType.Vendor: writer.Vendor(action.Vendor, action.VendorData); break;
            default: throw new InvalidOperationException($"no writer for action {action.Type}");
        }
    }
}

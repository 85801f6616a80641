using NetServ.Emulation.Switch.Forwarding;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch;

public sealed partial class SwitchConnection
{
    private const uint AllQueues = 0xffff_ffff;
    private const int QueuesInPart = 2000;

    // ofp_packet_queue with one MIN_RATE.
    private const int QueueSize = 24;

    private ErrorCode? HandleQueueGetConfigRequest(ReadOnlySpan<byte> message)
    {
        if (!QueueGetConfigRequest.TryRead(message, out QueueGetConfigRequest request, out DecodeError error))
            return error.Answer;
        if (!_switch.PortSet.TryFind(request.Port, out SwitchPort? port))
            return ErrorCode.QueueOpFailedBadPort;
        PacketQueueWriter queues = new(new byte[port.Queues.Length * QueueSize]);
        foreach (SwitchQueue queue in port.Queues)
            queues.Append(queue.Id, [new QueueProperty(QueuePropertyType.MinRate, queue.MinRate)]);
        Output.Append(new QueueGetConfigReply { Xid = request.Xid, Port = request.Port, Queues = queues.AsList() });
        return null;
    }

    private ErrorCode? HandleQueueStats(ReadOnlySpan<byte> message)
    {
        if (!QueueStatsRequest.TryRead(message, out QueueStatsRequest request, out DecodeError error))
            return error.Answer;
        bool everyPort = request.PortNumber is PortNo.All or PortNo.None;
        if (!everyPort && !_switch.PortSet.TryFind(request.PortNumber, out _))
            return ErrorCode.QueueOpFailedBadPort;
        List<QueueStats> entries = [];
        foreach (SwitchPort port in _switch.PortSet.Ordered)
        {
            if (!everyPort && request.PortNumber != port.Number)
                continue;
            foreach (SwitchQueue queue in port.Queues)
                if (request.QueueId == AllQueues || request.QueueId == queue.Id)
                    entries.Add(queue.Statistics(port.Number));
        }
        if (entries.Count == 0 && request.QueueId != AllQueues)
            return ErrorCode.QueueOpFailedBadQueue;
        QueueStats[] all = [.. entries];
        foreach ((Range part, StatsReplyFlags flags) in Parts(all.Length, QueuesInPart))
            Output.Append(new QueueStatsReply { Xid = request.Xid, Flags = flags, Entries = all[part] });
        return null;
    }
}

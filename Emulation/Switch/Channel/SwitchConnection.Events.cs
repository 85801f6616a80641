using NetServ.Emulation.Switch.Table;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch;

public sealed partial class SwitchConnection
{
    // What the switch tells unasked. A passive connection hears of frames only, and only if it has asked for them.
    internal void TellPacketIn(ReadOnlySpan<byte> data, ushort totalLength, uint buffer, ushort inPort, PacketInReason reason) =>
        Output.Append(new PacketIn { BufferId = buffer, TotalLength = totalLength, InPort = inPort, Reason = reason, Data = data });

    internal void TellFlowRemoved(FlowEntry entry, FlowRemovedReason reason, TimeSpan now)
    {
        if (!WantsPacketIns)
            return;
        (uint seconds, uint nanoseconds) = Duration(now - entry.Created);
        Output.Append(new FlowRemoved
        {
            Match = entry.Match,
            Cookie = entry.Cookie,
            Priority = entry.Priority,
            Reason = reason,
            DurationSeconds = seconds,
            DurationNanoseconds = nanoseconds,
            IdleTimeout = entry.IdleTimeout,
            PacketCount = entry.Packets,
            ByteCount = entry.Bytes,
        });
    }

    internal void TellPortStatus(in PhyPort port, PortStatusReason reason)
    {
        if (IsUp && !_passive)
            Output.Append(new PortStatus { Reason = reason, Port = port });
    }
}

using NetServ.Emulation.Switch.Forwarding;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch;

public sealed partial class EmulatedSwitch
{
    /// <summary>PACKET_INs that were not queued because a controller reads too slowly.</summary>
    public ulong PacketInsDropped { get; private set; }

    private sealed class PacketInTarget(EmulatedSwitch owner) : IPacketInTarget
    {
        public void PacketIn(ReadOnlySpan<byte> frame, ushort inPort, PacketInReason reason, ushort maxLength, ushort controllerId, TimeSpan now) =>
            owner.TellPacketIn(frame, inPort, reason, maxLength, controllerId, now);
    }

    // One buffer for all connections: whoever uses it first, uses it.
    private void TellPacketIn(ReadOnlySpan<byte> frame, ushort inPort, PacketInReason reason, ushort maxLength, ushort controllerId, TimeSpan now)
    {
        if (IsCapped(now))
            return;
        uint id = BufferId.None;
        bool tried = false;
        foreach (SwitchConnection connection in _connections)
        {
            if (!connection.WantsPacketIns || connection.ControllerId != controllerId)
                continue;
            if (connection.Output.Length >= _options.MaxPendingBytes)
            {
                PacketInsDropped++;
                continue;
            }
            if (!tried && !_buffers.TryStore(frame, inPort, now, out id))
                id = BufferId.None;
            tried = true;
            int limit = reason == PacketInReason.NoMatch ? connection.MissSendLength : maxLength;
            int length = id == BufferId.None ? frame.Length : Math.Min(limit, frame.Length);
            connection.TellPacketIn(frame[..length], (ushort)frame.Length, id, inPort, reason);
        }
    }
}

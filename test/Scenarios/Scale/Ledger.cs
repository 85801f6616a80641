using System.Buffers.Binary;
using System.Text;
using NetServ.Emulation;
using NetServ.Packets;

namespace NetServ.Scenarios.Scale;

/// <summary>Every packet that hosts sent, by a number in its payload, and where it was seen.</summary>
internal sealed class Ledger(EmulatedNetwork network, Func<ushort, bool> isReserved)
{
    private const ushort Magic = 0x4e53;
    private const int HeaderSize = 6;

    private readonly Dictionary<uint, SentPacket> _packets = [];
    private uint _last;

    public IReadOnlyCollection<SentPacket> Packets => _packets.Values;

    /// <summary>Sends one more packet of a flow.</summary>
    public void Send(TestFlow flow)
    {
        SentPacket packet = new(++_last, flow, network.Clock.Now, flow.From.Switch);
        _packets.Add(packet.Id, packet);
        byte[] payload = new byte[HeaderSize];
        BinaryPrimitives.WriteUInt16BigEndian(payload, Magic);
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(2), packet.Id);
        flow.From.Send(flow.To, flow.SourcePort, flow.DestinationPort, payload);
    }

    /// <summary>Forgets packets that are accounted for.</summary>
    public void Forget(IEnumerable<SentPacket> packets)
    {
        foreach (SentPacket packet in packets)
            _packets.Remove(packet.Id);
    }

    /// <summary>Notes what crosses a port.</summary>
    public void Watch(NetworkPort port, Spot spot, Station? station = null) => port.Tap += frame => Note(frame, spot, station);

    private void Note(RecordedFrame frame, Spot spot, Station? station)
    {
        if (!TryRead(frame.Bytes, out uint id, out ushort vlan, out string letters) || !_packets.TryGetValue(id, out SentPacket? packet))
            return;
        packet.Seen.Add(new Sighting(frame.Time, spot, frame.Outbound, vlan, letters));
        if (frame.Outbound || spot.Kind == SpotKind.Switch)
            return;
        if (isReserved(vlan))
            packet.Leak ??= $"it came into {spot.Name} with the tag {vlan}";
        if (station is null || packet.Flow.To != station)
            return;
        packet.Delivered.Add(letters);
        if (vlan != station.Vlan)
            packet.Leak ??= $"it came into {spot.Name} in VLAN {vlan}";
    }

    private static bool TryRead(byte[] frame, out uint id, out ushort vlan, out string letters)
    {
        (id, vlan, letters) = (0, FlowKey.NoVlan, "");
        if (frame.Length < Frames.UdpOverhead + HeaderSize)
            return false;
        int tag = 0;
        if (BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12)) == EtherTypes.Vlan)
        {
            tag = VlanView.HeaderSize;
            vlan = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(14)) & 0xfff);
        }
        if (frame.Length < Frames.UdpOverhead + tag + HeaderSize || BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12 + tag)) != EtherTypes.Ipv4)
            return false;
        ReadOnlySpan<byte> payload = frame.AsSpan(Frames.UdpOverhead + tag);
        if (BinaryPrimitives.ReadUInt16BigEndian(payload) != Magic)
            return false;
        id = BinaryPrimitives.ReadUInt32BigEndian(payload[2..]);
        letters = payload.Length == HeaderSize ? "" : Encoding.ASCII.GetString(payload[HeaderSize..]);
        return true;
    }
}

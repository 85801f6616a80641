using NetServ.Bench.Options;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Bench.Switches;

/// <summary>The PACKET_INs of one switch, built once: a lap over all its hosts, repeated until it is worth a write.</summary>
internal sealed class Traffic
{
    private const int PacketInHeader = 18;
    private const int LeastLap = 64 * 1024;
    private const ushort SourcePort = 40000;
    private const ushort DestinationPort = 9;

    private readonly int _switchIndex;
    private readonly bool _churn;
    private uint _newHosts;

    /// <summary>Builds the lap.</summary>
    /// <param name="switchIndex">Which switch.</param>
    /// <param name="options">Hosts, ports, sizes.</param>
    /// <param name="missSendLength">Bytes of a buffered frame that the controller asked for.</param>
    public Traffic(int switchIndex, BenchOptions options, int missSendLength)
    {
        _switchIndex = switchIndex;
        _churn = options.Churn;
        int carried = options.Buffers > 0 ? Math.Min(options.PacketBytes, missSendLength) : options.PacketBytes;
        MessageSize = PacketInHeader + carried;
        int count = options.Macs * ((LeastLap + options.Macs * MessageSize - 1) / (options.Macs * MessageSize));
        Lap = new byte[count * MessageSize];
        Span<byte> frame = new byte[options.PacketBytes];
        for (int i = 0; i < count; i++)
        {
            WriteFrame(frame, i % options.Macs);
            new PacketIn
            {
                BufferId = options.Buffers > 0 ? (uint)(i % options.Buffers) : BufferId.None,
                TotalLength = (ushort)frame.Length,
                InPort = Hosts.PortOf(i % options.Macs, options.Ports),
                Reason = PacketInReason.NoMatch,
                Data = frame[..carried],
            }.Write(Lap.AsSpan(i * MessageSize));
        }
        Renew();
    }

    /// <summary>Whole PACKET_INs, one behind the other.</summary>
    public byte[] Lap { get; }

    /// <summary>Bytes of each.</summary>
    public int MessageSize { get; }

    /// <summary>Says that the whole lap was sent: with churn, the next one comes from hosts that nobody has seen.</summary>
    public void Renew()
    {
        const int SourceAt = PacketInHeader + MacAddress.Size;
        for (int at = SourceAt; _churn && at + MacAddress.Size <= Lap.Length; at += MessageSize)
            Hosts.New(_switchIndex, _newHosts++).WriteTo(Lap.AsSpan(at));
    }

    /// <summary>Writes the PACKET_IN with which a host makes itself known; returns its length.</summary>
    public static int WriteAnnouncement(Span<byte> destination, int switchIndex, int host, int ports)
    {
        Span<byte> frame = stackalloc byte[64];
        frame.Clear();
        Frames.WriteArpRequest(frame, Hosts.Known(switchIndex, host), Hosts.Ip(switchIndex, host), Hosts.Ip(switchIndex, host));
        return new PacketIn
        {
            BufferId = BufferId.None,
            TotalLength = (ushort)frame.Length,
            InPort = Hosts.PortOf(host, ports),
            Reason = PacketInReason.NoMatch,
            Data = frame,
        }.Write(destination);
    }

    private void WriteFrame(Span<byte> frame, int host)
    {
        int other = Hosts.NeighbourOf(host);
        Frames.WriteUdp(
            frame,
            Hosts.Known(_switchIndex, host),
            Hosts.Known(_switchIndex, other),
            Hosts.Ip(_switchIndex, host),
            Hosts.Ip(_switchIndex, other),
            SourcePort,
            DestinationPort,
            new byte[frame.Length - Frames.UdpOverhead]);
    }
}

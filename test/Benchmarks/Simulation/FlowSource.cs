using System.Buffers.Binary;
using NetServ.Emulation;
using NetServ.Packets;

namespace NetServ.Benchmarks.Simulation;

/// <summary>Flows between random hosts, begun at an even pace; each has a first packet and others at intervals. Every fifth has no filter.</summary>
internal sealed class FlowSource
{
    /// <summary>Packets of each flow.</summary>
    public const int PacketsPerFlow = 3;

    /// <summary>Source ports begin here.</summary>
    public const ushort FirstSourcePort = 10_000;

    /// <summary>How long flows go on beginning, milliseconds.</summary>
    public const int Duration = 60_000;

    private const int Interval = 500;
    private const int SourcePorts = 50_000;
    private const ushort PlainPort = 9;

    private readonly SimulatedNetwork _network;
    private readonly (ushort From, ushort To)[] _flows;
    private readonly byte[] _frame = new byte[64];

    /// <summary>So many flows.</summary>
    public FlowSource(SimulatedNetwork network, int flows, Random random)
    {
        _network = network;
        _flows = new (ushort, ushort)[flows];
        foreach (ref (ushort From, ushort To) flow in _flows.AsSpan())
        {
            flow.From = (ushort)random.Next(network.Hosts.Length);
            flow.To = (ushort)((flow.From + 1 + random.Next(network.Hosts.Length - 1)) % network.Hosts.Length);
        }
    }

    /// <summary>When the last packet has been sent, milliseconds.</summary>
    public static int End => Duration + (PacketsPerFlow - 1) * Interval;

    /// <summary>Whether a flow has a filter.</summary>
    public static bool IsFiltered(int flow) => flow % 5 != 0;

    /// <summary>Sends what is due in one millisecond.</summary>
    public void Send(int millisecond)
    {
        for (int packet = 0; packet < PacketsPerFlow; packet++)
        {
            int at = millisecond - packet * Interval;
            for (long flow = BegunBefore(at); flow < BegunBefore(at + 1); flow++)
                Send((int)flow, packet);
        }
    }

    private long BegunBefore(int millisecond) => (long)_flows.Length * Math.Clamp(millisecond, 0, Duration) / Duration;

    private void Send(int flow, int packet)
    {
        (EmulatedHost from, EmulatedHost to) = (_network.Hosts[_flows[flow].From], _network.Hosts[_flows[flow].To]);
        Span<byte> payload = stackalloc byte[_frame.Length - Frames.UdpOverhead];
        payload.Clear();
        BinaryPrimitives.WriteInt32BigEndian(payload, flow * PacketsPerFlow + packet);
        ushort port = IsFiltered(flow) ? (ushort)(SimulatedNetwork.FirstPort + flow % SimulatedNetwork.Filters) : PlainPort;
        Frames.WriteUdp(_frame, from.Mac, to.Mac, from.Address, to.Address, (ushort)(FirstSourcePort + flow % SourcePorts), port, payload);
        from.SendFrame(_frame);
    }
}

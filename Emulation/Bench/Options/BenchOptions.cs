using System.Net;

namespace NetServ.Bench.Options;

/// <summary>What the switches do in a round.</summary>
internal enum BenchMode
{
    /// <summary>As many PACKET_INs as TCP takes.</summary>
    Throughput,

    /// <summary>One PACKET_IN outstanding per switch.</summary>
    Latency,
}

/// <summary>What a person asked for, checked.</summary>
internal sealed record BenchOptions
{
    /// <summary>Where the controller listens.</summary>
    public IPEndPoint Target { get; init; } = new(IPAddress.Loopback, 6653);

    /// <summary>Switches that send PACKET_INs.</summary>
    public int Switches { get; init; } = 16;

    /// <summary>What they do.</summary>
    public BenchMode Mode { get; init; }

    /// <summary>Hosts behind each switch; even, as they talk in pairs.</summary>
    public int Macs { get; init; } = 1000;

    /// <summary>Ports of each switch.</summary>
    public int Ports { get; init; } = 4;

    /// <summary>Bytes of a frame.</summary>
    public int PacketBytes { get; init; } = 64;

    /// <summary>Buffers of each switch; 0 for none.</summary>
    public int Buffers { get; init; }

    /// <summary>Whether every PACKET_IN comes from a source address that was never seen.</summary>
    public bool Churn { get; init; }

    /// <summary>Length of a round.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Time between the handshakes and the announcements: a controller that looks for links first takes no host's word meanwhile.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time before the first round that does not count.</summary>
    public TimeSpan Warmup { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many rounds.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Of the switches, those in throughput mode while the others are in latency mode.</summary>
    public int Greedy { get; init; }

    /// <summary>Further switches that complete the handshake and then say nothing.</summary>
    public int Idle { get; init; }

    /// <summary>Ends when all have completed the handshake.</summary>
    public bool ConnectOnly { get; init; }

    /// <summary>The processor to stay on.</summary>
    public int? Cpu { get; init; }

    /// <summary>The controller's process, if it runs on this machine and its processor time is to be told.</summary>
    public int? Process { get; init; }

    /// <summary>Whether the result is printed as JSON.</summary>
    public bool Json { get; init; }
}

using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Emulation.Switch.Forwarding;

/// <summary>A port as it is now, with its counters.</summary>
internal sealed class SwitchPort(PortOptions options)
{
    // The address that spanning tree frames go to.
    private const ulong BridgeGroup = 0x0180_c200_0000;

    private PortStats? _read;

    public ushort Number { get; } = options.Number;

    public string Name { get; } = options.Name;

    public MacAddress Address { get; } = options.Address;

    /// <summary>What the controller has set.</summary>
    public PortConfig Config { get; set; }

    public bool LinkUp { get; set; } = true;

    public ulong RxPackets { get; private set; }

    public ulong RxBytes { get; private set; }

    public ulong RxDropped { get; private set; }

    public ulong TxPackets { get; private set; }

    public ulong TxBytes { get; private set; }

    public ulong TxDropped { get; private set; }

    public bool Floods => (Config & PortConfig.NoFlood) == 0;

    public bool ReportsMisses => (Config & PortConfig.NoPacketIn) == 0;

    /// <summary>Counts a frame that came in and says whether it may go on. A frame that came proves the link, so its state is not asked.</summary>
    public bool Receive(ReadOnlySpan<byte> frame)
    {
        bool spanningTree = frame.Length >= MacAddress.Size && MacAddress.Read(frame).Value == BridgeGroup;
        PortConfig refusal = PortConfig.PortDown | (spanningTree ? PortConfig.NoReceiveStp : PortConfig.NoReceive);
        if ((Config & refusal) != 0)
        {
            RxDropped++;
            return false;
        }
        RxPackets++;
        RxBytes += (uint)frame.Length;
        return true;
    }

    /// <summary>Counts a frame that is to go out and says whether it may.</summary>
    public bool Transmit(int length)
    {
        if (!LinkUp || (Config & (PortConfig.PortDown | PortConfig.NoForward)) != 0)
        {
            TxDropped++;
            return false;
        }
        TxPackets++;
        TxBytes += (uint)length;
        return true;
    }

    /// <summary>The port as the controller sees it.</summary>
    public PhyPort Describe() => new()
    {
        PortNumber = Number,
        HardwareAddress = Address,
        Name = PortName.From(Name),
        Config = Config,
        State = LinkUp ? PortState.None : PortState.LinkDown,
        Current = PortFeatures.Full1Gb | PortFeatures.Copper,
    };

    /// <summary>Its counters.</summary>
    public PortStats Statistics() => _read ?? Live();

    /// <summary>From now on the counters are as they are now, until the next call.</summary>
    public void ReadCounters() => _read = Live();

    private PortStats Live() => new()
    {
        PortNumber = Number,
        RxPackets = RxPackets,
        RxBytes = RxBytes,
        RxDropped = RxDropped,
        TxPackets = TxPackets,
        TxBytes = TxBytes,
        TxDropped = TxDropped,
    };

    /// <summary>Counts a frame that is no Ethernet frame.</summary>
    public void Drop() => RxDropped++;
}

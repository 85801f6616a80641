using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Emulation.Switch.Forwarding;

/// <summary>A port as it is now, with its counters.</summary>
internal sealed class SwitchPort(PortOptions options)
{
    // The address that spanning tree frames go to.
    private const ulong BridgeGroup = 0x0180_c200_0000;
    private const int SmallestFrame = 14;
    private const PortFeatures Features = PortFeatures.Full1Gb | PortFeatures.Copper;
    private const PortConfig Settable = PortConfig.PortDown | PortConfig.NoStp | PortConfig.NoReceive | PortConfig.NoReceiveStp | PortConfig.NoFlood | PortConfig.NoForward | PortConfig.NoPacketIn;

    private readonly SwitchQueue[] _queues = [.. options.Queues.OrderBy(q => q.Id).Select(q => new SwitchQueue(q))];
    private PortFeatures _advertised = Features;

    private PortStats? _read;

    public ushort Number { get; } = options.Number;

    public string Name { get; } = options.Name;

    public MacAddress Address { get; } = options.Address;

    /// <summary>What the controller has set.</summary>
    public PortConfig Config { get; private set; }

    /// <summary>Lowest id first.</summary>
    public ReadOnlySpan<SwitchQueue> Queues => _queues;

    public bool LinkUp { get; set; } = true;

    public ulong RxPackets { get; private set; }

    public ulong RxBytes { get; private set; }

    public ulong RxDropped { get; private set; }

    public ulong TxPackets { get; private set; }

    public ulong TxBytes { get; private set; }

    public ulong TxDropped { get; private set; }

    /// <summary>Frames shorter than an Ethernet header.</summary>
    public ulong RxFrameErrors { get; private set; }

    /// <summary>Frames longer than the switch can take.</summary>
    public ulong RxOverErrors { get; private set; }

    /// <summary>Frames that the wire did not take.</summary>
    public ulong TxErrors { get; private set; }

    public bool Floods => (Config & PortConfig.NoFlood) == 0;

    public bool ReportsMisses => (Config & PortConfig.NoPacketIn) == 0;

    /// <summary>The queue of an id; null when there is none.</summary>
    public SwitchQueue? FindQueue(uint id)
    {
        foreach (SwitchQueue queue in _queues)
            if (queue.Id == id)
                return queue;
        return null;
    }

    /// <summary>Carries out a PORT_MOD; whether that changed anything. Features that the port does not have are not advertised.</summary>
    public bool Configure(in PortMod mod)
    {
        PortConfig mask = mod.Mask & Settable;
        PortConfig config = (Config & ~mask) | (mod.Config & mask);
        PortFeatures advertised = mod.Advertise == PortFeatures.None ? _advertised : mod.Advertise & Features;
        bool changes = config != Config || advertised != _advertised;
        (Config, _advertised) = (config, advertised);
        return changes;
    }

    /// <summary>Counts a frame that came in and says whether it may go on. A frame that came proves the link, so its state is not asked.</summary>
    public bool Receive(ReadOnlySpan<byte> frame)
    {
        if (frame.Length is < SmallestFrame or > ushort.MaxValue)
        {
            if (frame.Length < SmallestFrame)
                RxFrameErrors++;
            else
                RxOverErrors++;
            return false;
        }
        bool spanningTree = MacAddress.Read(frame).Value == BridgeGroup;
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
        Current = Features,
        Advertised = _advertised,
        Supported = Features,
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
        RxErrors = RxFrameErrors + RxOverErrors,
        TxErrors = TxErrors,
        RxFrameErrors = RxFrameErrors,
        RxOverErrors = RxOverErrors,
    };

    /// <summary>Counts a frame that was received and goes nowhere because of what it is.</summary>
    public void Drop() => RxDropped++;

    /// <summary>What really went out, as the wire has counted it.</summary>
    public void CorrectSent(ulong packets, ulong bytes, ulong errors) => (TxPackets, TxBytes, TxErrors) = (packets, bytes, errors);
}

using NetServ.Demo.Recording;

namespace NetServ.Demo.Measuring;

/// <summary>The look-out at one switch port: sees every frame of both directions, counts it, and records it when asked to.</summary>
internal sealed class PortTap(ushort number, string name, PortRole role, Observer observer, FrameRecorder? into, FrameRecorder? outOf)
{
    private readonly SightingLog _into = observer.NewLog();
    private readonly SightingLog _outOf = observer.NewLog();
    /// <summary>By flow, the part in which it last came out here, plus one. Written by the one caller, read at any time.</summary>
    private readonly byte[] _lastOut = new byte[observer.Flows.Count];
    private long _framesIn;
    private long _framesOut;
    private long _packetsIn;
    private long _packetsOut;

    /// <summary>Port number at the switch.</summary>
    public ushort Number => number;

    /// <summary>What hangs there, for people.</summary>
    public string Name => name;

    /// <summary>Host or node.</summary>
    public PortRole Role => role;

    /// <summary>Frames into the switch so far.</summary>
    public long FramesIn => Interlocked.Read(ref _framesIn);

    /// <summary>Frames out of the switch so far.</summary>
    public long FramesOut => Interlocked.Read(ref _framesOut);

    /// <summary>Of these, packets of the counted traffic.</summary>
    public long PacketsIn => Volatile.Read(ref _packetsIn);

    /// <inheritdoc cref="PacketsIn"/>
    public long PacketsOut => Volatile.Read(ref _packetsOut);

    /// <summary>How many flows came out here in a part and not in a later one.</summary>
    public int FlowsOut(PhaseCode phase) => _lastOut.AsSpan().Count((byte)(phase + 1));

    /// <summary>A frame is about to enter the switch. One caller at a time.</summary>
    public void Into(ReadOnlySpan<byte> frame)
    {
        Interlocked.Increment(ref _framesIn);
        long now = MeasuringClock.Now;
        into?.Write(now, frame);
        if (observer.See(_into, now, number, SightingKind.IntoSwitch, frame).Flow >= 0)
            Volatile.Write(ref _packetsIn, _packetsIn + 1);
    }

    /// <summary>A frame came out of the switch. One caller at a time.</summary>
    public Identity OutOf(ReadOnlySpan<byte> frame)
    {
        Interlocked.Increment(ref _framesOut);
        long now = MeasuringClock.Now;
        outOf?.Write(now, frame);
        Identity identity = observer.See(_outOf, now, number, SightingKind.OutOfSwitch, frame);
        if (identity.Flow >= 0)
        {
            Volatile.Write(ref _packetsOut, _packetsOut + 1);
            _lastOut[identity.Flow] = (byte)(identity.Phase + 1);
        }
        return identity;
    }
}

/// <summary>What hangs on a port.</summary>
internal enum PortRole
{
    /// <summary>A host that the demo plays.</summary>
    Host,

    /// <summary>A processing node.</summary>
    Node,
}

using NetServ.Demo.Recording;

namespace NetServ.Demo.Measuring;

/// <summary>The look-out at one switch port: sees every frame of both directions, counts it, and records it when asked to.</summary>
internal sealed class PortTap(ushort number, string name, PortRole role, Observer observer, FrameRecorder? into, FrameRecorder? outOf)
{
    private readonly SightingLog _into = observer.NewLog();
    private readonly SightingLog _outOf = observer.NewLog();
    private long _framesIn;
    private long _framesOut;

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

    /// <summary>A frame is about to enter the switch. One caller at a time.</summary>
    public void Into(ReadOnlySpan<byte> frame)
    {
        Interlocked.Increment(ref _framesIn);
        long now = MeasuringClock.Now;
        into?.Write(now, frame);
        observer.See(_into, now, number, SightingKind.IntoSwitch, frame);
    }

    /// <summary>A frame came out of the switch. One caller at a time.</summary>
    public Identity OutOf(ReadOnlySpan<byte> frame)
    {
        Interlocked.Increment(ref _framesOut);
        long now = MeasuringClock.Now;
        outOf?.Write(now, frame);
        return observer.See(_outOf, now, number, SightingKind.OutOfSwitch, frame);
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

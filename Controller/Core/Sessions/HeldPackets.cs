using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>Frames that wait for a way to be known: few, and not for long.</summary>
internal sealed class HeldPackets
{
    /// <summary>Frames that wait at the most.</summary>
    public const int Most = 256;

    /// <summary>Those of them at the most that wait for their destination to be known or reached, so that they leave room to those that wait for their node.</summary>
    public const int MostForDestination = Most / 2;

    /// <summary>How long one waits, milliseconds.</summary>
    public const int For = 1000;

    private Queue<(ushort InPort, byte[] Data, long Until)> _frames = new();
    private Queue<(ushort InPort, byte[] Data, long Until)> _again = new();
    private long _until = long.MaxValue;

    /// <summary>What is done with a frame that has waited.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="isLast">Whether it may not wait again.</param>
    public delegate void Handler(in Frame frame, bool isLast);

    /// <summary>Whether none waits.</summary>
    public bool IsEmpty => _frames.Count == 0;

    /// <summary>Keeps a copy; false if it is not whole, or there is no room.</summary>
    public bool TryHold(in Frame frame, long now, int most = Most)
    {
        if (!frame.IsWhole || _frames.Count >= most)
            return false;
        _frames.Enqueue((frame.InPort, frame.Data.ToArray(), Math.Min(_until, now + For)));
        return true;
    }

    /// <summary>Has each handled anew, in order; what is held once more does not wait longer for that.</summary>
    public void Release(long now, Handler handle)
    {
        if (IsEmpty)
            return;
        (_frames, _again) = (_again, _frames);
        while (_again.TryDequeue(out (ushort InPort, byte[] Data, long Until) held))
        {
            _until = held.Until;
            handle(new Frame { InPort = held.InPort, BufferId = BufferId.None, Data = held.Data, IsWhole = true }, now >= held.Until);
        }
        _until = long.MaxValue;
    }
}

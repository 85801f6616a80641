namespace NetServ.Ports;

/// <summary>One end of a cable within this process. A full cable drops what is sent.</summary>
public sealed class MemoryPort : PortBase
{
    private readonly FrameQueue _in;
    private readonly FrameQueue _out;
    private MemoryPort? _other;

    private MemoryPort(string name, FrameQueue input, FrameQueue output)
        : base(name, PortState.Up)
    {
        _in = input;
        _out = output;
    }

    /// <summary>Makes both ends of a cable.</summary>
    /// <param name="capacity">Most frames under way in each direction.</param>
    /// <param name="name">Name of the cable; its ends are called "NAME.a" and "NAME.b".</param>
    public static (MemoryPort A, MemoryPort B) CreatePair(int capacity = 1024, string name = "memory")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        FrameQueue ab = new(capacity);
        FrameQueue ba = new(capacity);
        MemoryPort a = new($"{name}.a", ba, ab);
        MemoryPort b = new($"{name}.b", ab, ba) { _other = a };
        a._other = b;
        return (a, b);
    }

    /// <inheritdoc/>
    public override int Receive(FrameBatch batch, TimeSpan wait)
    {
        batch.Clear();
        if (IsClosed)
            return 0;
        // Without a peer the wait still has its length, so that a caller's loop does not spin.
        int count = _in.TakeTo(batch, Deadline.After(wait));
        CountReceived(count, batch.ByteCount);
        return count;
    }

    /// <inheritdoc/>
    public override bool Send(ReadOnlySpan<byte> frame)
    {
        if (State != PortState.Up || frame.Length is 0 or > FrameBatch.MaxFrameSize || !_out.TryPut(frame))
        {
            CountSendDrops(1);
            return false;
        }
        CountSent(1, frame.Length);
        return true;
    }

    /// <inheritdoc/>
    public override int Send(FrameBatch batch)
    {
        int sent = 0;
        for (int i = 0; i < batch.Count; i++)
            sent += Send(batch[i]) ? 1 : 0;
        return sent;
    }

    private protected override void Close()
    {
        _in.Close();
        _other?.SetState(PortState.Down);
    }
}

using NetServ.Ports;

namespace NetServ.Benchmarks.Pump;

/// <summary>Gives one frame over and over, 64 at a time, and swallows what is sent.</summary>
internal sealed class RepeatingPort(byte[] frame) : IPort
{
    public long Sent { get; private set; }

    public string Name => "repeating";

    public PortState State => PortState.Up;

    public PortStatistics Statistics => default;

    public event Action<IPort, PortState>? StateChanged
    {
        add { }
        remove { }
    }

    public int Receive(FrameBatch batch, TimeSpan wait)
    {
        batch.Clear();
        while (batch.TryAdd(frame))
        {
        }
        return batch.Count;
    }

    public bool Send(ReadOnlySpan<byte> frame)
    {
        Sent++;
        return true;
    }

    public int Send(FrameBatch batch)
    {
        Sent += batch.Count;
        return batch.Count;
    }

    public void Dispose()
    {
    }
}

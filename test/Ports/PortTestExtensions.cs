namespace NetServ.Ports.Tests;

/// <summary>What the tests of all back ends do with ports.</summary>
internal static class PortTestExtensions
{
    internal static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    /// <summary>Completes when the port is in the state; fails after a long time.</summary>
    internal static async Task Reaches(this IPort port, PortState wanted)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(IPort _, PortState state)
        {
            if (state == wanted)
                reached.TrySetResult();
        }
        port.StateChanged += Look;
        if (port.State == wanted)
            reached.TrySetResult();
        await reached.Task.WaitAsync(Long);
        port.StateChanged -= Look;
    }

    /// <summary>Receives until there are this many frames or a long time went by.</summary>
    internal static List<byte[]> Take(this IPort port, int count, TimeSpan? patience = null)
    {
        FrameBatch batch = new();
        List<byte[]> frames = [];
        long end = Environment.TickCount64 + (long)(patience ?? Long).TotalMilliseconds;
        while (frames.Count < count && Environment.TickCount64 < end)
        {
            port.Receive(batch, TimeSpan.FromMilliseconds(100));
            for (int i = 0; i < batch.Count; i++)
                frames.Add(batch[i].ToArray());
        }
        return frames;
    }

    /// <summary>A frame of a length whose bytes are told by a number.</summary>
    internal static byte[] Frame(int number, int length)
    {
        byte[] frame = new byte[length];
        new Random(number).NextBytes(frame);
        return frame;
    }
}

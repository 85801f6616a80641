namespace NetServ.Ports;

/// <summary>
/// A way for whole Ethernet frames (without FCS) into and out of this process.
/// One thread may receive while another one sends; two threads must not receive, nor send, at the same time.
/// <see cref="IDisposable.Dispose"/>, <see cref="State"/> and <see cref="Statistics"/> may be used from anywhere.
/// </summary>
public interface IPort : IDisposable
{
    /// <summary>What a person calls the port: its specification unless another name was given.</summary>
    string Name { get; }

    /// <summary>Whether frames can cross now.</summary>
    PortState State { get; }

    /// <summary>A copy of the counters.</summary>
    PortStatistics Statistics { get; }

    /// <summary>
    /// Raised after <see cref="State"/> changed, on whichever thread saw it (often the receiving one). Handlers must be quick and must not call the port.
    /// </summary>
    event Action<IPort, PortState>? StateChanged;

    /// <summary>
    /// Empties <paramref name="batch"/> and fills it with the frames that have come, in order.
    /// </summary>
    /// <param name="batch">Receives copies; they stay valid until the next call with it.</param>
    /// <param name="wait">
    /// How long to wait for the first frame: zero polls, <see cref="Timeout.InfiniteTimeSpan"/> waits until a frame comes or the port closes.
    /// </param>
    /// <returns>Frames in the batch; 0 after the wait, and at once if the port is closed.</returns>
    int Receive(FrameBatch batch, TimeSpan wait);

    /// <summary>Sends one frame, waiting no longer than the back end's bound if the peer is slow.</summary>
    /// <returns>False if the frame was dropped, which is then counted.</returns>
    bool Send(ReadOnlySpan<byte> frame);

    /// <summary>Sends every frame of a batch in order, with as few system calls as the back end can.</summary>
    /// <returns>Frames sent; the rest was dropped and counted.</returns>
    int Send(FrameBatch batch);
}

using System.Net.Sockets;

namespace NetServ.Ports;

/// <summary>
/// Frames over a stream Unix socket, each after its length in two bytes, big endian: what the dummy ports of Open vSwitch speak. A thread of
/// its own finds the next peer; reads and writes happen on the threads of the callers.
/// </summary>
internal abstract class UnixPort : PortBase
{
    // The kernel grants what net.core.[rw]mem_max allows.
    private const int KernelBufferSize = 4 * 1024 * 1024;

    // How long a receiver has to take what a leaving peer sent before it left.
    private static readonly TimeSpan FarewellTime = TimeSpan.FromMilliseconds(200);

    private readonly FrameDecoder _decoder = new();
    private readonly FrameEncoder _encoder = new();
    private readonly ManualResetEventSlim _peerPresent = new(false);
    private readonly ManualResetEventSlim _peerLeft = new(false);
    private readonly CancellationTokenSource _closing = new();
    private readonly TimeSpan _sendWait;
    private Socket? _peer;
    private Socket? _receivingFrom;
    private Socket? _sendingTo;
    private Thread? _finder;

    private protected UnixPort(string name, TimeSpan sendWait)
        : base(name, PortState.Down) => _sendWait = sendWait;

    public override int Receive(FrameBatch batch, TimeSpan wait)
    {
        batch.Clear();
        Deadline deadline = Deadline.After(wait);
        while (!IsClosed)
        {
            Socket? peer = Volatile.Read(ref _peer);
            if (peer is not null)
                ReceiveFrom(peer, batch);
            if (batch.Count > 0)
                break;
            if (deadline.IsOver || !WaitForBytes(peer, deadline))
                return 0;
        }
        CountReceived(batch.Count, batch.ByteCount);
        return batch.Count;
    }

    public override bool Send(ReadOnlySpan<byte> frame)
    {
        Socket? peer = PeerToSendTo();
        if (peer is null || frame.Length is 0 or > FrameBatch.MaxFrameSize)
        {
            CountSendDrops(1);
            return false;
        }
        _encoder.TryAdd(frame);
        return Flush(peer, 1, frame.Length) == 1;
    }

    public override int Send(FrameBatch batch)
    {
        Socket? peer = PeerToSendTo();
        if (peer is null)
        {
            CountSendDrops(batch.Count);
            return 0;
        }
        int sent = 0;
        int frames = 0;
        int bytes = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            ReadOnlySpan<byte> frame = batch[i];
            if (frame.IsEmpty || frame.Length > FrameBatch.MaxFrameSize)
            {
                CountSendDrops(1);
                continue;
            }
            if (!_encoder.TryAdd(frame))
            {
                sent += Flush(peer, frames, bytes);
                frames = bytes = 0;
                _encoder.TryAdd(frame);
            }
            frames++;
            bytes += frame.Length;
        }
        return sent + Flush(peer, frames, bytes);
    }

    private protected void Start()
    {
        _finder = new Thread(FindPeers) { IsBackground = true, Name = $"port {Name}" };
        _finder.Start();
    }

    /// <summary>Waits for the next peer. Null if there will be none, because the port closes.</summary>
    private protected abstract Socket? NextPeer(CancellationToken closing);

    /// <summary>Makes a waiting <see cref="NextPeer"/> return.</summary>
    private protected abstract void StopWaiting();

    private protected override void Close()
    {
        _closing.Cancel();
        StopWaiting();
        if (Volatile.Read(ref _peer) is Socket peer)
            Leave(peer);
        _peerPresent.Set();
        _peerLeft.Set();
        if (_finder != Thread.CurrentThread)
            _finder?.Join();
    }

    private void FindPeers()
    {
        while (!IsClosed && NextPeer(_closing.Token) is Socket peer)
        {
            peer.Blocking = false;
            peer.ReceiveBufferSize = KernelBufferSize;
            peer.SendBufferSize = KernelBufferSize;
            _peerLeft.Reset();
            // In this order: whoever sees the peer leave must come after it.
            _peerPresent.Set();
            Volatile.Write(ref _peer, peer);
            SetState(PortState.Up);
            if (!IsClosed)
                _peerLeft.Wait();
            if (!IsClosed && Volatile.Read(ref _peer) == peer)
                _closing.Token.WaitHandle.WaitOne(FarewellTime);
            Leave(peer);
        }
    }

    private void ReceiveFrom(Socket peer, FrameBatch batch)
    {
        if (_receivingFrom != peer)
        {
            _receivingFrom = peer;
            _decoder.Reset();
        }
        CountReceiveDropsIfAny(_decoder.MoveTo(batch));
        while (!batch.IsFull)
        {
            int room = _decoder.Free.Length;
            if (room == 0)
                return;
            int read = Read(peer);
            if (read <= 0)
                return;
            _decoder.Commit(read);
            CountReceiveDropsIfAny(_decoder.MoveTo(batch));
            // A read that left room has emptied the socket.
            if (read < room)
                return;
        }
    }

    private void CountReceiveDropsIfAny(int frames)
    {
        if (frames > 0)
            CountReceiveDrops(frames);
    }

    /// <summary>Bytes read, 0 if there are none now or the peer is gone.</summary>
    private int Read(Socket peer)
    {
        try
        {
            int read = peer.Receive(_decoder.Free, SocketFlags.None, out SocketError error);
            if (error is SocketError.WouldBlock)
                return 0;
            if (error != SocketError.Success || read == 0)
                Leave(peer);
            return read;
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>False if the time is over or the port closed.</summary>
    private bool WaitForBytes(Socket? peer, Deadline deadline)
    {
        if (peer is null)
            return _peerPresent.Wait(deadline.Remaining) && !IsClosed;
        try
        {
            peer.Poll(Microseconds(deadline.Remaining), SelectMode.SelectRead);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            Leave(peer);
        }
        return !IsClosed;
    }

    private static int Microseconds(int milliseconds) => milliseconds < 0 ? -1 : (int)Math.Min(milliseconds * 1000L, int.MaxValue);

    private Socket? PeerToSendTo()
    {
        Socket? peer = Volatile.Read(ref _peer);
        if (peer is not null && State != PortState.Up)
            return null;
        if (_sendingTo != peer)
        {
            _sendingTo = peer;
            _encoder.Reset();
        }
        return peer;
    }

    /// <summary>Writes what is pending, for the send wait at the most; returns how many of the frames went.</summary>
    private int Flush(Socket peer, int frames, int bytes)
    {
        int written = Write(peer);
        (int dropped, int droppedBytes) = _encoder.GiveUpAfter(written);
        CountSent(frames - dropped, bytes - droppedBytes);
        if (dropped > 0)
            CountSendDrops(dropped);
        return frames - dropped;
    }

    private int Write(Socket peer)
    {
        ReadOnlySpan<byte> pending = _encoder.Pending;
        int written = 0;
        try
        {
            Deadline deadline = Deadline.After(_sendWait);
            while (written < pending.Length)
            {
                written += peer.Send(pending[written..], SocketFlags.None, out SocketError error);
                if (error is SocketError.Success)
                    continue;
                if (error is not SocketError.WouldBlock)
                {
                    NoticeBroken(peer);
                    break;
                }
                if (deadline.IsOver || !peer.Poll(Microseconds(deadline.Remaining), SelectMode.SelectWrite))
                    break;
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            NoticeBroken(peer);
        }
        return written;
    }

    // The receiver may still have frames to read: it closes the socket when it finds the end, or the finder a little later.
    private void NoticeBroken(Socket peer)
    {
        if (Volatile.Read(ref _peer) != peer)
            return;
        SetState(PortState.Down);
        _peerLeft.Set();
    }

    private void Leave(Socket peer)
    {
        if (Interlocked.CompareExchange(ref _peer, null, peer) != peer)
            return;
        _peerPresent.Reset();
        if (IsClosed)
            _peerPresent.Set();
        try
        {
            // Wakes whoever polls it.
            peer.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The peer was faster.
        }
        peer.Dispose();
        SetState(PortState.Down);
        _peerLeft.Set();
    }
}

using System.Buffers;
using System.Net.Sockets;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.OpenFlow.Polling;

namespace NetServ.Controller.OpenFlow;

/// <summary>
/// A session and the socket under it. A peer that does not read what it caused is not read either: what was read already waits here until the
/// session takes it.
/// </summary>
public sealed class SwitchConnection
{
    private const int BehindAfter = 100;

    // Whether a port floods shows in any read; looking at each would cost the honest more than it saves them.
    private const int MeasureEvery = 8;
    private const long NotFull = long.MinValue;

    private readonly Socket _socket;
    private readonly IPoller _poller;
    private readonly Action? _onEnd;
    private byte[] _waiting = [];
    private int _waitingStart;
    private int _waitingEnd;
    private bool _reads = true;
    private bool _writes;
    private long _fullSince = NotFull;
    private bool _floods;
    private int _behindReads;

    internal SwitchConnection(long id, Socket socket, string peer, SwitchSession session, IPoller poller, Action? onEnd)
    {
        (Id, Peer, Session, _socket, _poller, _onEnd) = (id, peer, session, socket, poller, onEnd);
        poller.Add(socket, id);
    }

    /// <summary>Number of the connection, from 1.</summary>
    public long Id { get; }

    /// <summary>Address of the switch.</summary>
    public string Peer { get; }

    /// <summary>The session.</summary>
    public SwitchSession Session { get; }

    /// <summary>Why it is to be ended, null while it lives.</summary>
    internal string? Fault { get => field ?? Session.CloseReason; private set; }

    /// <summary>Whether it is among those that are looked after at the end of the turn.</summary>
    internal bool IsTouched { get; set; }

    /// <summary>Its place in the wheel.</summary>
    internal int WheelIndex { get; set; }

    /// <summary>Its place among those that have not said which switch they are, null once it has.</summary>
    internal LinkedListNode<SwitchConnection>? Unfinished { get; set; }

    /// <summary>Reads once and handles what came: a share while others wait, and more of a flood that is mostly left out.</summary>
    internal void Read(ReadTurn turn, long now)
    {
        Span<byte> buffer = turn.BufferFor(_floods);
        int count = _socket.Receive(buffer, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
            return;
        if (error != SocketError.Success)
            Fault = $"{Peer}: {error}";
        else if (count == 0)
            Fault = $"{Peer} closed the connection";
        else
            Take(buffer[..count], now, turn);
        if (count < buffer.Length || !turn.IsContended)
            _fullSince = NotFull;
        else if (_fullSince == NotFull)
            _fullSince = now;
    }

    /// <summary>Lets time pass. What a switch has sent may wait for its turn: a loop that is behind must not take that for silence.</summary>
    internal void Tick(long now)
    {
        if (_reads && Session.IsSilent(now) && _socket.Available > 0)
            Session.NoteProgress(now);
        Session.Tick(now);
    }

    /// <summary>The poller says that the connection is lost.</summary>
    internal void Break(ReadTurn turn, long now)
    {
        if (_reads)
            Read(turn, now);
        else
            Fault = $"{Peer} is gone, and {Session.Output.Length} bytes that it did not read with it";
    }

    /// <summary>Sends what waits as far as there is room, and lets the session go on if it was held up.</summary>
    internal void Send(long now)
    {
        SendOnce(now);
        while (_waitingEnd > 0 && !Session.IsHeldUp && Fault is null)
        {
            TakeWaiting(now);
            SendOnce(now);
        }
        Session.Output.EndTurn();
        Want(_waitingEnd == 0 && !Session.IsHeldUp, Session.Output.Length > 0);
    }

    internal void Close(long now)
    {
        _poller.Remove(_socket, Id);
        _socket.Dispose();
        Session.Discard(now);
        ForgetWaiting();
        _onEnd?.Invoke();
    }

    private bool IsBehind(long now) => _fullSince != NotFull && now - _fullSince >= BehindAfter;

    private void Take(ReadOnlySpan<byte> bytes, long now, ReadTurn turn)
    {
        long left = Session.Counters.Overrun;
        bool measures = IsBehind(now) && (_floods || ++_behindReads % MeasureEvery == 0);
        int taken = Session.Receive(bytes, now, measures ? turn.Shares : null);
        _floods = Session.Counters.Overrun > left;
        while (taken < bytes.Length)
        {
            SendOnce(now);
            if (Session.IsHeldUp)
            {
                Keep(bytes[taken..]);
                return;
            }
            taken += Session.Receive(bytes[taken..], now);
        }
    }

    private void TakeWaiting(long now)
    {
        _waitingStart += Session.Receive(_waiting.AsSpan(_waitingStart, _waitingEnd - _waitingStart), now);
        if (_waitingStart == _waitingEnd)
            ForgetWaiting();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        _waiting = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(_waiting);
        (_waitingStart, _waitingEnd) = (0, bytes.Length);
    }

    private void ForgetWaiting()
    {
        if (_waiting.Length > 0)
            ArrayPool<byte>.Shared.Return(_waiting);
        (_waiting, _waitingStart, _waitingEnd) = ([], 0, 0);
    }

    private void SendOnce(long now)
    {
        OutputBuffer output = Session.Output;
        if (output.Length == 0 || Fault is not null && Session.CloseReason is null)
            return;
        bool heldUp = Session.IsHeldUp;
        int sent = _socket.Send(output.Pending.Span, SocketFlags.None, out SocketError error);
        if (error == SocketError.Success)
            output.Sent(sent);
        else if (error != SocketError.WouldBlock)
            Fault = $"{Peer}: {error}";
        if (heldUp && sent > 0)
            Session.NoteProgress(now);
    }

    private void Want(bool reads, bool writes)
    {
        if ((reads, writes) == (_reads, _writes))
            return;
        (_reads, _writes) = (reads, writes);
        _poller.Change(_socket, Id, reads, writes);
    }
}

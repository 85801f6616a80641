using System.Net.Sockets;
using NetServ.OpenFlow;

namespace NetServ.Conformance.Tests.Support;

/// <summary>A controller's end over a socket. What a switch has finished shows by answers to echo requests, which it reads after everything before.</summary>
/// <param name="socket">Connected; ours from now on.</param>
/// <param name="beforeSend">Called before anything but such an echo request is sent.</param>
/// <param name="pass">Returns when the switch has left the place where it reads from here: it may answer several echo requests at one go.</param>
internal sealed class SocketController(Socket socket, Action beforeSend, Action pass) : IControllerEnd, IDisposable
{
    private const uint ProbeXid = 0xe000_0000;

    // One round of the switch's main loop takes a frame in, one sends what it caused, one flushes it.
    private const int Rounds = 4;

    private readonly List<byte[]> _messages = [];
    private readonly byte[] _buffer = new byte[1 << 17];
    private int _length;
    private uint _probe = ProbeXid;
    private bool _isOver;

    public void Send(byte[] bytes)
    {
        beforeSend();
        socket.Send(bytes);
    }

    public List<byte[]> Take()
    {
        Settle();
        List<byte[]> messages = [.. _messages];
        _messages.Clear();
        return messages;
    }

    /// <summary>Says HELLO and takes the peer's.</summary>
    public void Greet()
    {
        socket.Send([1, 0, 0, 8, 0, 0, 0, 0]);
        Take();
    }

    /// <summary>Waits until the switch has done all that came before.</summary>
    public void Settle()
    {
        for (int round = 0; round < Rounds; round++)
        {
            if (!_isOver)
                Probe();
            pass();
        }
    }

    public void Dispose()
    {
        _isOver = true;
        socket.Dispose();
    }

    private void Probe()
    {
        byte[] probe = new byte[8];
        new EchoRequest { Xid = ++_probe }.Write(probe);
        socket.Send(probe, SocketFlags.None, out SocketError _);
        while (!_isOver && !TakeProbe())
            Read();
    }

    private bool TakeProbe()
    {
        for (int i = 0; i < _messages.Count; i++)
        {
            Header.TryRead(_messages[i], out Header header);
            if (header.Type != MessageType.EchoReply || header.Xid != _probe)
                continue;
            _messages.RemoveAt(i);
            return true;
        }
        return false;
    }

    private void Read()
    {
        socket.ReceiveTimeout = 10_000;
        int read = socket.Receive(_buffer.AsSpan(_length), SocketFlags.None, out SocketError error);
        if (error is SocketError.TimedOut or SocketError.WouldBlock)
            throw new AssertionException("the switch does not answer an echo request");
        _isOver = read == 0;
        _length += read;
        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, _length);
        while (Framing.TryReadFrame(ref rest, out ReadOnlySpan<byte> message, out _))
        {
            if (message[1] == (byte)MessageType.EchoRequest)
                Answer(message);
            else
                _messages.Add(message.ToArray());
        }
        rest.CopyTo(_buffer);
        _length = rest.Length;
    }

    private void Answer(ReadOnlySpan<byte> request)
    {
        byte[] reply = request.ToArray();
        reply[1] = (byte)MessageType.EchoReply;
        socket.Send(reply);
    }
}

using System.Net;
using System.Net.Sockets;
using NetServ.OpenFlow;

namespace NetServ.Controller.Tests.Support;

/// <summary>A switch's end of an OpenFlow connection, byte by byte: port 1 and 2, no rules.</summary>
internal sealed class RawSwitch : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[1 << 17];
    private int _start;
    private int _end;

    public RawSwitch(IPEndPoint controller) => _socket.Connect(controller);

    public Socket Socket => _socket;

    /// <summary>Sends bytes, in pieces of a size if one is given.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, int piece = int.MaxValue)
    {
        for (int at = 0; at < bytes.Length; at += Math.Min(piece, bytes.Length - at))
            await _socket.SendAsync(bytes.Slice(at, Math.Min(piece, bytes.Length - at)));
    }

    /// <summary>The next message of a type, others are left out; null if the connection ends before.</summary>
    public async Task<byte[]?> ReceiveAsync(MessageType type)
    {
        while (true)
        {
            if (Next() is { } message)
            {
                if (message[1] == (byte)type)
                    return message;
                continue;
            }
            Compact();
            int count = await ReadAsync();
            if (count <= 0)
                return null;
            _end += count;
        }
    }

    /// <summary>Shakes hands from HELLO to the barrier reply.</summary>
    /// <param name="dpid">Its id.</param>
    /// <param name="piece">Bytes sent at a time.</param>
    public async Task ShakeHandsAsync(ulong dpid, int piece = int.MaxValue)
    {
        await SayWhoAsync(dpid, piece);
        await FinishAsync(piece);
    }

    /// <summary>Says which switch it is, which another connection already is, and waits until it is told to stand by.</summary>
    public async Task StandByAsync(ulong dpid)
    {
        await SayWhoAsync(dpid);
        Assert.That(await ReceiveAsync(MessageType.Vendor), Is.Not.Null, "a role is asked for");
    }

    /// <summary>Shakes hands from the question for its rules to the barrier reply.</summary>
    public async Task FinishAsync(int piece = int.MaxValue)
    {
        uint xid = await XidOfAsync(MessageType.StatsRequest);
        await SendAsync(NoRules(xid), piece);
        await AnswerBarrierAsync(piece);
    }

    /// <summary>Waits for a barrier request and answers it.</summary>
    public async Task AnswerBarrierAsync(int piece = int.MaxValue) => await SendAsync(Bytes(new BarrierReply(await XidOfAsync(MessageType.BarrierRequest))), piece);

    /// <summary>Asks for an echo and waits for it: everything sent before has been handled.</summary>
    public async Task<bool> EchoAsync(int piece = int.MaxValue)
    {
        await SendAsync(Bytes(new EchoRequest { Xid = 0xabcd, Data = "still there?"u8 }), piece);
        byte[]? reply = await ReceiveAsync(MessageType.EchoReply);
        return reply is not null && EchoReply.TryRead(reply, out EchoReply echo, out _) && echo.Data.SequenceEqual("still there?"u8);
    }

    public void Dispose() => _socket.Dispose();

    public static byte[] Bytes<T>(in T message)
        where T : struct, IMessage, allows ref struct
    {
        byte[] bytes = new byte[message.Length];
        message.Write(bytes);
        return bytes;
    }

    private static byte[] Features(uint xid, ulong dpid) => Bytes(new FeaturesReply
    {
        Xid = xid,
        DatapathId = dpid,
        Ports = (PhyPort[])[new() { PortNumber = 1, HardwareAddress = new(1) }, new() { PortNumber = 2, HardwareAddress = new(2) }],
    });

    private static byte[] NoRules(uint xid)
    {
        byte[] bytes = new byte[64];
        return bytes[..new FlowStatsReplyWriter(bytes, xid).Finish(more: false)];
    }

    private async Task<uint> XidOfAsync(MessageType type)
    {
        byte[]? message = await ReceiveAsync(type);
        Assert.That(message, Is.Not.Null, $"{type} comes");
        return Header.TryRead(message, out Header header) ? header.Xid : 0;
    }

    private async Task SayWhoAsync(ulong dpid, int piece = int.MaxValue)
    {
        await SendAsync(Bytes(new Hello { Xid = 1 }), piece);
        Assert.That(await ReceiveAsync(MessageType.Hello), Is.Not.Null);
        uint xid = await XidOfAsync(MessageType.FeaturesRequest);
        await SendAsync(Features(xid, dpid), piece);
    }

    private byte[]? Next()
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, _end - _start);
        if (!Framing.TryReadFrame(ref bytes, out ReadOnlySpan<byte> message, out _))
            return null;
        _start = _end - bytes.Length;
        return message.ToArray();
    }

    private void Compact()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
    }

    private async Task<int> ReadAsync()
    {
        try
        {
            return await _socket.ReceiveAsync(_buffer.AsMemory(_end)).AsTask().WaitAsync(s_patience);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}

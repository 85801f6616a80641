using System.Net;
using System.Net.Sockets;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Tests.Channel;

/// <summary>The switch's end of a connection, byte by byte: it answers what a switch answers, and keeps what it was sent.</summary>
internal sealed class RawSwitch : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly Stream _stream;
    private readonly ulong _dpid;
    private byte[] _read = new byte[4096];
    private int _length;

    public RawSwitch(Stream stream, ulong dpid) => (_stream, _dpid) = (stream, dpid);

    /// <summary>Bytes of the messages that came, in their order.</summary>
    public List<byte[]> Messages { get; } = [];

    /// <summary>Whether it answers echo requests.</summary>
    public bool AnswersEcho { get; set; } = true;

    /// <summary>Whether it knows Nicira's roles.</summary>
    public bool KnowsRoles { get; set; } = true;

    /// <summary>Whether the controller has ended the connection.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Connects from an address of the loopback network.</summary>
    public static async Task<RawSwitch> ConnectAsync(IPEndPoint controller, ulong dpid, string from = "127.0.0.1") =>
        new(new NetworkStream(await OpenAsync(controller, from), ownsSocket: true), dpid);

    public static async Task<Socket> OpenAsync(IPEndPoint controller, string from = "127.0.0.1")
    {
        IPEndPoint target = controller.Address.Equals(IPAddress.IPv6Any) || controller.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, controller.Port) : controller;
        Socket socket = new(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (target.AddressFamily == AddressFamily.InterNetwork)
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(target);
        return socket;
    }

    /// <summary>From HELLO to the barrier after which the controller has its rules in.</summary>
    public async Task<RawSwitch> HandshakeAsync()
    {
        await HelloAsync();
        await UntilAsync(MessageKind.BarrierRequest);
        // Its answer is on its way; an echo tells that it was handled.
        await PingAsync();
        return this;
    }

    public Task HelloAsync() => SendAsync(new Hello { Xid = 1 });

    /// <summary>Asks for an echo and waits for it: all that was sent before has been handled then.</summary>
    public async Task PingAsync()
    {
        uint xid = (uint)Random.Shared.Next(1000, int.MaxValue);
        await SendAsync(new EchoRequest { Xid = xid });
        await UntilAsync(m => m[1] == (byte)MessageType.EchoReply && Header.TryRead(m, out Header header) && header.Xid == xid);
    }

    public Task SendAsync<T>(in T message)
        where T : struct, IMessage, allows ref struct
    {
        byte[] bytes = new byte[message.Length];
        message.Write(bytes);
        return SendAsync(bytes);
    }

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    /// <summary>A broadcast from a host, kept in a buffer, so that the controller has something to answer whatever it decides.</summary>
    public static byte[] PacketIn(ushort port, uint host, uint buffer)
    {
        byte[] frame = new byte[60];
        frame.AsSpan(0, 6).Fill(0xff);
        frame[6] = 2;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), host);
        frame[12] = 0x88;
        frame[13] = 0xb6;
        PacketIn message = new() { BufferId = buffer, TotalLength = (ushort)frame.Length, InPort = port, Reason = PacketInReason.NoMatch, Data = frame };
        byte[] bytes = new byte[message.Length];
        message.Write(bytes);
        return bytes;
    }

    /// <summary>Whether the controller frees or uses a buffer with this id, that is: acts on its packet.</summary>
    public bool HasAnswerFor(uint buffer) =>
        Messages.Any(m => m[1] == (byte)MessageType.PacketOut && PacketOut.TryRead(m, out PacketOut packet, out _) && packet.BufferId == buffer);

    public Task UntilAsync(MessageKind kind) => UntilAsync(m => MessageTable.TryIdentify(m, out MessageKind found, out _) && found == kind);

    /// <summary>Reads, and answers what is to be answered, until a message is seen.</summary>
    public async Task<byte[]> UntilAsync(Func<byte[], bool> wanted)
    {
        using CancellationTokenSource patience = new(s_patience);
        while (true)
        {
            byte[] message = await NextAsync(patience.Token) ?? throw new EndOfStreamException("the controller has ended the connection");
            if (wanted(message))
                return message;
        }
    }

    /// <summary>Reads until the controller ends the connection.</summary>
    public async Task UntilEndAsync()
    {
        using CancellationTokenSource patience = new(s_patience);
        while (await NextAsync(patience.Token) is not null)
        {
        }
    }

    /// <summary>Reads all that comes and keeps nothing of it.</summary>
    public async Task DrainAsync()
    {
        byte[] sink = new byte[256 * 1024];
        while (await _stream.ReadAsync(sink) > 0)
        {
        }
    }

    public async ValueTask DisposeAsync() => await _stream.DisposeAsync();

    private async Task<byte[]?> NextAsync(CancellationToken cancel)
    {
        while (!TryCut(out byte[] message))
        {
            if (_length == _read.Length)
                Array.Resize(ref _read, _length * 2);
            int count = await ReadAsync(cancel);
            if (count == 0)
                return null;
            _length += count;
            continue;
        }
        byte[] next = Messages[^1];
        await AnswerAsync(next);
        return next;
    }

    private async Task<int> ReadAsync(CancellationToken cancel)
    {
        int count = 0;
        try
        {
            count = await _stream.ReadAsync(_read.AsMemory(_length), cancel);
        }
        catch (IOException)
        {
            // Ended by the other side while we had more to say.
        }
        IsEnded = count == 0;
        return count;
    }

    private bool TryCut(out byte[] message)
    {
        ReadOnlySpan<byte> rest = _read.AsSpan(0, _length);
        message = [];
        if (!Framing.TryReadFrame(ref rest, out ReadOnlySpan<byte> found, out _))
            return false;
        message = found.ToArray();
        Messages.Add(message);
        rest.CopyTo(_read);
        _length = rest.Length;
        return true;
    }

    private async Task AnswerAsync(byte[] message)
    {
        if (!MessageTable.TryIdentify(message, out MessageKind kind, out _))
            return;
        uint xid = Header.TryRead(message, out Header header) ? header.Xid : 0;
        switch (kind)
        {
            case MessageKind.FeaturesRequest:
                await SendAsync(new FeaturesReply { Xid = xid, DatapathId = _dpid, BufferCount = 256, TableCount = 1, Actions = 0xfff, Ports = Ports() });
                break;
            case MessageKind.GetConfigRequest:
                await SendAsync(new GetConfigReply { Xid = xid, MissSendLength = 0xffff });
                break;
            case MessageKind.FlowStatsRequest:
                await SendAsync(new byte[] { 1, (byte)MessageType.StatsReply, 0, 12, (byte)(xid >> 24), (byte)(xid >> 16), (byte)(xid >> 8), (byte)xid, 0, 1, 0, 0 });
                break;
            case MessageKind.BarrierRequest:
                await SendAsync(new BarrierReply(xid));
                break;
            case MessageKind.EchoRequest when AnswersEcho:
                await SendAsync(new EchoReply { Xid = xid });
                break;
            case MessageKind.NiciraRoleRequest when KnowsRoles && NiciraRoleRequest.TryRead(message, out NiciraRoleRequest role, out _):
                await SendAsync(new NiciraRoleReply { Xid = xid, Role = role.Role });
                break;
            case MessageKind.NiciraRoleRequest:
                await SendAsync(new ErrorMessage { Xid = xid, Error = ErrorCode.BadRequestBadVendor, Data = message });
                break;
        }
    }

    private static PhyPort[] Ports() =>
        [.. Enumerable.Range(1, 4).Select(i => new PhyPort { PortNumber = (ushort)i, HardwareAddress = new MacAddress(0x020000000000ul + (ulong)i), Name = PortName.From($"eth{i}") })];
}

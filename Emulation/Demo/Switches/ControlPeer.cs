using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using NetServ.Demo.Relays;

namespace NetServ.Demo.Switches;

/// <summary>
/// The controller of the control run: one rule, NORMAL for everything, so that the switch does without NetServ what any switch does. The few
/// messages are written out here byte by byte: the control run must not share code with what it is the control of.
/// </summary>
internal sealed class ControlPeer : IDisposable
{
    private const byte Version = 1;
    private const byte EchoRequest = 2;
    private const byte BarrierReply = 19;
    private const uint AllWildcards = 0x003f_ffff;
    private const uint NoBuffer = 0xffff_ffff;
    private const ushort Normal = 0xfffa;
    private const ushort AnyPort = 0xffff;
    private const ushort Priority = 1;
    private const ushort Add = 0;
    private const ushort DeleteStrict = 4;
    private const uint InstalledXid = 2;
    private const uint RemovedXid = 4;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _installed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Socket? _switch;

    /// <summary>Listens on a free loopback port.</summary>
    public ControlPeer()
    {
        _listener.Start();
        new Thread(Serve) { IsBackground = true, Name = "control peer" }.Start();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>The rule is in (the barrier behind it was answered).</summary>
    public Task Installed => _installed.Task;

    /// <summary>Takes the rule out again and waits for the barrier's answer.</summary>
    public Task RemoveAsync()
    {
        if (_switch is { } socket)
            Send(socket, [.. FlowMod(DeleteStrict, RemovedXid - 1), .. Header(18, RemovedXid)]);
        return _removed.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Stop();
        _switch?.Dispose();
    }

    private void Serve()
    {
        try
        {
            while (true)
                Serve(_listener.AcceptSocket());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private void Serve(Socket socket)
    {
        _switch = socket;
        Send(socket, [.. Header(0, 0), .. Header(5, 1), .. FlowMod(Add, InstalledXid), .. Header(18, InstalledXid)]);
        OpenFlowStream stream = new(socket);
        while (stream.Receive())
        {
            while (stream.TryNext(out ReadOnlySpan<byte> message))
                Handle(socket, message);
        }
    }

    private void Handle(Socket socket, ReadOnlySpan<byte> message)
    {
        if (message[1] == EchoRequest)
        {
            byte[] reply = message.ToArray();
            reply[1] = EchoRequest + 1;
            Send(socket, reply);
        }
        else if (message[1] == BarrierReply)
        {
            (BinaryPrimitives.ReadUInt32BigEndian(message[4..]) == RemovedXid ? _removed : _installed).TrySetResult();
        }
    }

    private static byte[] Header(byte type, uint xid, ushort length = 8)
    {
        byte[] header = new byte[length];
        header[0] = Version;
        header[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), length);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), xid);
        return header;
    }

    private static byte[] FlowMod(ushort command, uint xid)
    {
        bool adds = command == Add;
        byte[] message = Header(14, xid, (ushort)(adds ? 80 : 72));
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), AllWildcards);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(56), command);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(62), Priority);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(64), NoBuffer);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(68), AnyPort);
        if (adds)
        {
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(74), 8);
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(76), Normal);
        }
        return message;
    }

    private static void Send(Socket socket, byte[] bytes) => _ = UnixSockets.TrySend(socket, bytes);
}

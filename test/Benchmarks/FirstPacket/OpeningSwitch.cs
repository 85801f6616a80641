using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NetServ.Bench.Switches;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Ports;

namespace NetServ.Benchmarks.FirstPacket;

/// <summary>
/// A switch that opens flows from the host at port 1 to the one at port 2, and keeps no rules. What the node at port 3 sends goes to the controller, and only its
/// attachment frames and probes go there. One thread sends and reads; while flows are opened it spins, so that what is measured is the other side.
/// </summary>
internal sealed class OpeningSwitch : IDisposable
{
    public const ushort NodePort = 3;
    public const ushort ServicePort = 5060;

    private const int Ports = 3;
    private const int Hosts = 2;
    private const ushort FirstSource = 1024;
    private const int Idle = 1_000;
    private const int ReadSize = 128 * 1024;

    private readonly Socket _socket;
    private readonly SwitchSide _side = new(0, Ports, buffers: 0);
    private readonly IPort _nodePort;
    private readonly ConcurrentQueue<byte[]> _fromNode = new();
    private readonly byte[] _buffer = new byte[ReadSize + Framing.MaxLength];
    private readonly Thread _switch;
    private readonly Thread _node;
    private readonly Openings _openings = new(FirstSource);
    private TaskCompletionSource? _announced;
    private volatile bool _stopping;
    private volatile Exception? _failure;
    private int _kept;

    /// <summary>Connects to the controller, and listens for the node.</summary>
    public OpeningSwitch(IPEndPoint controller, string nodeSocket)
    {
        _nodePort = PortFactory.Open(PortSpec.Parse($"unix-listen:{nodeSocket}"));
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(controller);
        _socket.Blocking = false;
        _switch = Begin(RunSwitch, "switch");
        _node = Begin(RunNode, "node port");
    }

    /// <summary>The host at port 2, to which flows are opened.</summary>
    public static Ipv4Address Server => Bench.Switches.Hosts.Ip(0, 1);

    /// <summary>Makes both hosts known; done once the controller has read that.</summary>
    public Task AnnounceAsync()
    {
        TaskCompletionSource announced = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _announced, announced);
        return announced.Task;
    }

    /// <summary>Opens flows at a pace, and waits for what is still under way.</summary>
    public async Task<OpeningTimes> OpenAsync(int perSecond, TimeSpan time)
    {
        OpeningTimes times = await _openings.BeginAsync(perSecond, (int)(perSecond * time.TotalSeconds));
        return _failure is null ? times : throw new InvalidOperationException("the switch broke", _failure);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _switch.Join();
        _node.Join();
        _socket.Dispose();
        _nodePort.Dispose();
    }

    private static Thread Begin(ThreadStart run, string name)
    {
        Thread thread = new(run) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    private void RunNode()
    {
        FrameBatch batch = new();
        while (!_stopping)
        {
            _nodePort.Receive(batch, TimeSpan.FromMilliseconds(100));
            for (int i = 0; i < batch.Count; i++)
                _fromNode.Enqueue(batch[i].ToArray());
        }
    }

    private void RunSwitch()
    {
        try
        {
            while (!_stopping)
            {
                Say();
                Flush();
                if (!_openings.IsUnderWay)
                    _socket.Poll(Idle, SelectMode.SelectRead);
                Read();
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException or Bench.ControllerFaultException)
        {
            _failure = e;
            _openings.End();
            Interlocked.Exchange(ref _announced, null)?.TrySetException(e);
        }
    }

    private void Say()
    {
        while (_fromNode.TryDequeue(out byte[]? frame))
            PacketIn(NodePort, frame);
        if (_side.SentFeatures && Interlocked.Exchange(ref _announced, null) is { } announced)
        {
            for (int host = 0; host < Hosts; host++)
                _side.Output.Advance(Traffic.WriteAnnouncement(_side.Output.Reserve(128), 0, host, Ports));
            announced.SetResult();
        }
        if (_openings.NextFlow(Stopwatch.GetTimestamp()) is { } source)
        {
            Span<byte> frame = stackalloc byte[64];
            Frames.WriteUdp(frame, Bench.Switches.Hosts.Known(0, 0), Bench.Switches.Hosts.Known(0, 1), Bench.Switches.Hosts.Ip(0, 0), Server, source, ServicePort, new byte[22]);
            PacketIn(1, frame);
        }
        if (_openings.NextEcho(Stopwatch.GetTimestamp()) is { } echo)
            _side.Output.Write(new EchoRequest { Xid = echo });
    }

    private void PacketIn(ushort port, ReadOnlySpan<byte> frame) =>
        _side.Output.Write(new PacketIn { BufferId = BufferId.None, TotalLength = (ushort)frame.Length, InPort = port, Reason = PacketInReason.NoMatch, Data = frame });

    private void Flush()
    {
        while (_side.Output.Pending.Length > 0 && !_stopping)
        {
            int sent = _socket.Send(_side.Output.Pending, SocketFlags.None, out SocketError error);
            if (error == SocketError.Success)
                _side.Output.Sent(sent);
            else if (error != SocketError.WouldBlock)
                throw new SocketException((int)error);
        }
    }

    private void Read()
    {
        int count = _socket.Receive(_buffer.AsSpan(_kept, ReadSize), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
            return;
        if (error != SocketError.Success || count == 0)
            throw new SocketException((int)(error == SocketError.Success ? SocketError.ConnectionReset : error));
        long now = Stopwatch.GetTimestamp();
        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, _kept + count);
        while (Framing.TryReadFrame(ref rest, out ReadOnlySpan<byte> message, out _))
            Handle(message, now);
        _kept = rest.Length;
        rest.CopyTo(_buffer);
    }

    private void Handle(ReadOnlySpan<byte> message, long now)
    {
        switch ((MessageType)message[1])
        {
            case MessageType.FlowMod when FlowMod.TryRead(message, out FlowMod mod, out _):
                _openings.NoteRule(mod, toNode: IsToNode(mod.Actions));
                break;
            case MessageType.PacketOut when OpenFlow.PacketOut.TryRead(message, out PacketOut packet, out _):
                PacketOut(packet, now);
                break;
            case MessageType.EchoReply:
                _openings.NoteEcho(BinaryPrimitives.ReadUInt32BigEndian(message[4..]), now);
                break;
            default:
                _side.Handle(message);
                break;
        }
    }

    private void PacketOut(in PacketOut packet, long now)
    {
        if (!IsToNode(packet.Actions) || !FlowKey.TryExtract(packet.Data, packet.InPort, out FlowKey key))
            return;
        if (key.DlType == AttachmentFrame.EtherType)
            _nodePort.Send(packet.Data);
        else
            _openings.NotePacket(key.TpSrc, now);
    }

    private static bool IsToNode(ActionList actions)
    {
        foreach (ActionView action in actions)
        {
            if (action.Type == ActionType.Output && action.Port == NodePort)
                return true;
        }
        return false;
    }
}

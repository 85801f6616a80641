using System.Buffers.Binary;
using System.Net.Sockets;
using NetServ.OpenFlow;

namespace NetServ.Benchmarks.Channel;

/// <summary>One switch at the trivial controller: answers without a thought, copying a prepared message.</summary>
internal sealed class TrivialConnection(Socket socket, TrivialManners manners) : IDisposable
{
    private const int DataAt = 18, BufferAt = 8, PortAt = 14, OutHeader = 24;

    private readonly byte[] _output = new byte[1 << 20];
    private byte[] _kept = [];
    private int _start;
    private int _end;
    private long _packetIns;

    /// <summary>The socket.</summary>
    public Socket Socket => socket;

    /// <summary>Whether something waits to be sent.</summary>
    public bool HasPending => _end > _start;

    /// <summary>Whether there is room for the answers to one read.</summary>
    public bool MayRead => _end - _start < _output.Length / 4;

    /// <summary>What every message other than a PACKET_IN was; for whoever wants to know whether all was answered.</summary>
    public HashSet<MessageKind> Heard { get; } = [];

    /// <summary>Reads and answers; false when the connection is over.</summary>
    public bool Read(byte[] buffer, int size)
    {
        _kept.CopyTo(buffer, 0);
        int count = socket.Receive(buffer.AsSpan(_kept.Length, size), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
            return true;
        if (error != SocketError.Success || count == 0)
            return false;
        ReadOnlySpan<byte> rest = buffer.AsSpan(0, _kept.Length + count);
        while (Framing.TryReadFrame(ref rest, out ReadOnlySpan<byte> message, out _))
        {
            if (!Handle(message))
                return false;
        }
        _kept = rest.ToArray();
        return true;
    }

    /// <summary>Sends what waits; false when the connection is over.</summary>
    public bool Flush()
    {
        if (!HasPending)
            return true;
        int sent = socket.Send(_output.AsSpan(_start, _end - _start), SocketFlags.None, out SocketError error);
        if (error == SocketError.Success)
            _start += sent;
        _output.AsSpan(_start, _end - _start).CopyTo(_output);
        (_start, _end) = (0, _end - _start);
        return error is SocketError.Success or SocketError.WouldBlock;
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private bool Handle(ReadOnlySpan<byte> message)
    {
        if (manners.IsMute)
            return true;
        if (message[1] == (byte)MessageType.PacketIn)
            return HandlePacketIn(message);
        MessageTable.TryIdentify(message, out MessageKind kind, out _);
        Heard.Add(kind);
        if (kind == MessageKind.EchoRequest)
            Write(new EchoReply { Xid = BinaryPrimitives.ReadUInt32BigEndian(message[4..]) });
        else if (kind == MessageKind.Hello)
            Greet();
        else if (kind == MessageKind.FeaturesReply)
            AskMore();
        return kind != MessageKind.Hello || !manners.ClosesAtHello;
    }

    private void Greet()
    {
        int at = _end;
        Write(new Hello { Xid = 1, Version = manners.Version });
        Write(new FeaturesRequest(2));
        _output[at + Header.Size] = manners.Version;
    }

    private void AskMore()
    {
        Write(new SetConfig { Xid = 3, MissSendLength = 0xffff });
        if (manners.IsCurious)
        {
            Write(new GetConfigRequest(4));
            Write(new DescStatsRequest { Xid = 5 });
            Write(new FlowStatsRequest { Xid = 6, Match = Match.Any, TableId = 0xff, OutPort = PortNo.None });
            Write(new AggregateStatsRequest { Xid = 7, Match = Match.Any, TableId = 0xff, OutPort = PortNo.None });
            Write(new TableStatsRequest { Xid = 8 });
            Write(new PortStatsRequest { Xid = 9, PortNumber = PortNo.None });
            Write(new QueueStatsRequest { Xid = 10, PortNumber = PortNo.All, QueueId = 0xffff_ffff });
            Write(new QueueGetConfigRequest { Xid = 11, Port = 1 });
            Write(new NiciraRoleRequest { Xid = 12, Role = NiciraRole.Primary });
            Write(new EchoRequest { Xid = 13 });
        }
        if (manners.SendsBarrier)
            Write(new BarrierRequest(14));
    }

    private bool HandlePacketIn(ReadOnlySpan<byte> message)
    {
        if (manners.AnswersOneOf > 0 && _packetIns % manners.AnswersOneOf == 0)
        {
            for (int i = 0; i < manners.Repeats; i++)
                Answer(message);
        }
        return ++_packetIns != manners.ClosesAfter;
    }

    private void Answer(ReadOnlySpan<byte> message)
    {
        uint buffer = BinaryPrimitives.ReadUInt32BigEndian(message[BufferAt..]);
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(message[PortAt..]);
        if (manners.ReleasesBuffer)
            Write(new PacketOut { Xid = 15, BufferId = buffer, InPort = port });
        if (manners.SendsLldp)
            WritePacketOut(BufferId.None, PortNo.None, [0x01, 0x80, 0xc2, 0, 0, 0x0e, 2, 0, 0, 0, 0, 1, 0x88, 0xcc]);
        if (manners.SendsFlowMod)
            WriteFlowMod(buffer);
        if (manners.SendsPacketOut)
            WritePacketOut(buffer, port, buffer == BufferId.None ? message[DataAt..] : default);
    }

    private void WritePacketOut(uint buffer, ushort port, ReadOnlySpan<byte> data)
    {
        Span<byte> to = _output.AsSpan(_end, OutHeader + data.Length);
        new Header(Header.Version10, MessageType.PacketOut, (ushort)to.Length, 0).WriteTo(to);
        BinaryPrimitives.WriteUInt32BigEndian(to[8..], buffer);
        BinaryPrimitives.WriteUInt16BigEndian(to[12..], port);
        BinaryPrimitives.WriteUInt64BigEndian(to[14..], 0x0008_0000_0008_0001);
        BinaryPrimitives.WriteUInt16BigEndian(to[22..], 0xffff);
        data.CopyTo(to[OutHeader..]);
        _end += to.Length;
    }

    private void WriteFlowMod(uint buffer)
    {
        Span<byte> actions = stackalloc byte[8];
        ActionWriter writer = new(actions);
        writer.Output(1);
        Write(new FlowMod { Xid = 16, Match = Match.Any, Command = FlowModCommand.Add, BufferId = buffer, OutPort = PortNo.None, Actions = writer.AsList() });
    }

    private void Write<T>(in T message)
        where T : struct, IMessage, allows ref struct
        => _end += message.Write(_output.AsSpan(_end));
}

using System.Text;

namespace NetServ.OpenFlow.Tests.Generation;

public sealed partial class RandomMessages
{
    private int WriteStats(MessageKind kind, Span<byte> to) => kind switch
    {
        MessageKind.DescStatsRequest => new DescStatsRequest { Xid = Xid }.Write(to),
        MessageKind.DescStatsReply => Description().Write(to),
        MessageKind.FlowStatsRequest => new FlowStatsRequest { Xid = Xid, Match = Match(), TableId = _values.U8(), OutPort = StatsOutPort() }.Write(to),
        MessageKind.FlowStatsReply => Flows(to),
        MessageKind.AggregateStatsRequest => new AggregateStatsRequest { Xid = Xid, Match = Match(), TableId = _values.U8(), OutPort = StatsOutPort() }.Write(to),
        MessageKind.AggregateStatsReply =>
            new AggregateStatsReply { Xid = Xid, PacketCount = _values.U64(), ByteCount = _values.U64(), FlowCount = _values.U32() }.Write(to),
        MessageKind.TableStatsRequest => new TableStatsRequest { Xid = Xid }.Write(to),
        MessageKind.TableStatsReply => new TableStatsReply { Xid = Xid, Flags = More(), Entries = Fill(Table) }.Write(to),
        MessageKind.PortStatsRequest => new PortStatsRequest { Xid = Xid, PortNumber = _values.Chance(30) ? PortNo.None : _values.PhysicalPort() }.Write(to),
        MessageKind.PortStatsReply => new PortStatsReply { Xid = Xid, Flags = More(), Entries = Fill(Counters) }.Write(to),
        MessageKind.QueueStatsRequest => new QueueStatsRequest
        {
            Xid = Xid,
            PortNumber = _values.Chance(30) ? PortNo.All : _values.PhysicalPort(),
            QueueId = _values.U32(),
        }.Write(to),
        MessageKind.QueueStatsReply => new QueueStatsReply { Xid = Xid, Flags = More(), Entries = Fill(Queue) }.Write(to),
        MessageKind.VendorStatsRequest => new VendorStatsRequest { Xid = Xid, Vendor = 0x00abcdef, Data = Data(40) }.Write(to),
        MessageKind.VendorStatsReply => new VendorStatsReply { Xid = Xid, Flags = More(), Vendor = 0x00abcdef, Data = Data(40) }.Write(to),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no generator"),
    };

    private StatsReplyFlags More() => _values.Chance(20) ? StatsReplyFlags.More : StatsReplyFlags.None;

    private ushort StatsOutPort() => _values.Chance(50) ? PortNo.None : _values.OutputPort();

    private T[] Fill<T>(Func<T> one)
    {
        T[] entries = new T[_values.Below(5)];
        for (int i = 0; i < entries.Length; i++)
            entries[i] = one();
        return entries;
    }

    private DescStatsReply Description() => new()
    {
        Xid = Xid,
        Manufacturer = Text(256),
        Hardware = Text(256),
        Software = Text(256),
        SerialNumber = Text(32),
        Datapath = Text(256),
    };

    private byte[] Text(int size) => Encoding.ASCII.GetBytes(_values.Name(size));

    private int Flows(Span<byte> to)
    {
        FlowStatsReplyWriter writer = new(to[..MaxLength], Xid);
        for (int i = _values.Below(5); i > 0; i--)
        {
            FlowStatsEntry flow = new()
            {
                TableId = _values.U8(),
                Match = Match(),
                DurationSeconds = _values.U32(),
                DurationNanoseconds = (uint)_values.Below(1_000_000_000),
                Priority = _values.U16(),
                IdleTimeout = _values.U16(),
                HardTimeout = _values.U16(),
                Cookie = _values.U64(),
                PacketCount = _values.U64(),
                ByteCount = _values.U64(),
                Actions = Actions(),
            };
            if (!writer.TryAppend(flow))
                throw new InvalidOperationException("the flow entry does not fit");
        }
        return writer.Finish(_values.Chance(20));
    }

    private TableStats Table() => new()
    {
        TableId = _values.U8(),
        Name = TableName.From(_values.Name(TableName.Size)),
        Wildcards = _values.U32() & Wildcard.DefinedBits,
        MaxEntries = _values.U32(),
        ActiveCount = _values.U32(),
        LookupCount = _values.U64(),
        MatchedCount = _values.U64(),
    };

    private PortStats Counters() => new()
    {
        PortNumber = _values.PhysicalPort(),
        RxPackets = _values.U64(),
        TxPackets = _values.U64(),
        RxBytes = _values.U64(),
        TxBytes = _values.U64(),
        RxDropped = _values.U64(),
        TxDropped = _values.U64(),
        RxErrors = _values.U64(),
        TxErrors = _values.U64(),
        RxFrameErrors = _values.U64(),
        RxOverErrors = _values.U64(),
        RxCrcErrors = _values.U64(),
        Collisions = _values.U64(),
    };

    private QueueStats Queue() => new()
    {
        PortNumber = _values.PhysicalPort(),
        QueueId = _values.U32(),
        TxBytes = _values.U64(),
        TxPackets = _values.U64(),
        TxErrors = _values.U64(),
    };
}

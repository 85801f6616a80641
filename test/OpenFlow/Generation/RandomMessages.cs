using System.Text;

namespace NetServ.OpenFlow.Tests.Generation;

/// <summary>Writes random valid messages, the same ones for the same seed.</summary>
public sealed partial class RandomMessages(int seed)
{
    private readonly RandomValues _values = new(seed);
    private readonly byte[] _actions = new byte[1024];
    private readonly byte[] _data = new byte[256];

    /// <summary>Named exceptions that a test may ask for; by default no switch objects to a message.</summary>
    public bool UnnormalizedMatches { get; init; }

    /// <summary>Whether FLOW_MODs may be for the emergency table.</summary>
    public bool EmergencyFlag { get; init; }

    /// <summary>Whether vendors that nobody knows appear in messages, statistics and actions.</summary>
    public bool UnknownVendors { get; init; }

    /// <summary>The longest message that is written.</summary>
    public const int MaxLength = 4096;

    public RandomValues Values => _values;

    /// <summary>Writes a message of a random kind.</summary>
    public int Write(Span<byte> to, out MessageKind kind)
    {
        do
            kind = (MessageKind)_values.Below(MessageTable.Rows.Length);
        while (!UnknownVendors && IsOpaqueVendor(kind));
        return Write(kind, to);
    }

    /// <summary>Writes a message of one kind and returns its length.</summary>
    public int Write(MessageKind kind, Span<byte> to) => kind switch
    {
        MessageKind.Hello => new Hello { Xid = Xid }.Write(to),
        MessageKind.Error => Error().Write(to),
        MessageKind.EchoRequest => new EchoRequest { Xid = Xid, Data = Data(64) }.Write(to),
        MessageKind.EchoReply => new EchoReply { Xid = Xid, Data = Data(64) }.Write(to),
        MessageKind.Vendor => new VendorMessage { Xid = Xid, Vendor = 0x00abcdef, Data = Data(64) }.Write(to),
        MessageKind.FeaturesRequest => new FeaturesRequest(Xid).Write(to),
        MessageKind.FeaturesReply => Features().Write(to),
        MessageKind.GetConfigRequest => new GetConfigRequest(Xid).Write(to),
        MessageKind.GetConfigReply => new GetConfigReply { Xid = Xid, Flags = Fragments(), MissSendLength = _values.U16() }.Write(to),
        MessageKind.SetConfig => new SetConfig { Xid = Xid, Flags = Fragments(), MissSendLength = _values.U16() }.Write(to),
        MessageKind.PacketIn => PacketIn().Write(to),
        MessageKind.FlowRemoved => FlowRemoved().Write(to),
        MessageKind.PortStatus => new PortStatus { Xid = Xid, Reason = (PortStatusReason)_values.Below(3), Port = Port() }.Write(to),
        MessageKind.PacketOut => PacketOut().Write(to),
        MessageKind.FlowMod => FlowMod().Write(to),
        MessageKind.PortMod => PortMod().Write(to),
        MessageKind.BarrierRequest => new BarrierRequest(Xid).Write(to),
        MessageKind.BarrierReply => new BarrierReply(Xid).Write(to),
        MessageKind.QueueGetConfigRequest => new QueueGetConfigRequest { Xid = Xid, Port = _values.PhysicalPort() }.Write(to),
        MessageKind.QueueGetConfigReply => QueueConfig(to),
        MessageKind.NiciraRoleRequest => new NiciraRoleRequest { Xid = Xid, Role = (NiciraRole)_values.Below(3) }.Write(to),
        MessageKind.NiciraRoleReply => new NiciraRoleReply { Xid = Xid, Role = (NiciraRole)_values.Below(3) }.Write(to),
        MessageKind.NiciraSetControllerId => new NiciraSetControllerId { Xid = Xid, ControllerId = _values.U16() }.Write(to),
        _ => WriteStats(kind, to),
    };

    /// <summary>Whether a message of this kind can only be opaque to a peer.</summary>
    public static bool IsOpaqueVendor(MessageKind kind) => kind is MessageKind.Vendor or MessageKind.VendorStatsRequest or MessageKind.VendorStatsReply;

    private uint Xid => _values.U32();

    private ReadOnlySpan<byte> Data(int most)
    {
        Span<byte> data = _data.AsSpan(0, _values.Below(most + 1));
        _values.Fill(data);
        return data;
    }

    private Match Match() => UnnormalizedMatches ? _values.AnyMatch() : _values.Match();

    private uint Buffer() => _values.Chance(50) ? BufferId.None : _values.U32();

    private ConfigFlags Fragments() => (ConfigFlags)_values.Below(3);

    private ErrorMessage Error()
    {
        ErrorCode[] all = Enum.GetValues<ErrorCode>();
        ErrorCode code = _values.OneOf<ErrorCode>(all);
        // HELLO_FAILED carries a text, all else the message at fault; here a whole echo.
        ReadOnlySpan<byte> data = (uint)code >> 16 == 0 ? Encoding.ASCII.GetBytes(_values.Name(40)) : Echo();
        return new ErrorMessage { Xid = Xid, Error = code, Data = data };
    }

    private ReadOnlySpan<byte> Echo()
    {
        Span<byte> echo = _data.AsSpan(128, Header.Size + 8);
        _values.Fill(echo);
        new Header(Header.Version10, MessageType.EchoRequest, (ushort)echo.Length, Xid).WriteTo(echo);
        return echo;
    }

    private PhyPort Port() => new()
    {
        PortNumber = _values.Chance(10) ? PortNo.Local : _values.PhysicalPort(),
        HardwareAddress = _values.Mac(),
        Name = PortName.From(_values.Name(PortName.Size)),
        Config = (PortConfig)(_values.U32() & 0x7f),
        State = (PortState)(_values.U32() & 0x301),
        Current = PortFeature(),
        Advertised = PortFeature(),
        Supported = PortFeature(),
        Peer = PortFeature(),
    };

    private PortFeatures PortFeature() => (PortFeatures)(_values.U32() & 0xfff);

    private FeaturesReply Features()
    {
        PhyPort[] ports = new PhyPort[_values.Below(6)];
        // A switch has a port once.
        for (int i = 0; i < ports.Length; i++)
            ports[i] = Port() with { PortNumber = (ushort)(i * 10_000 + _values.Below(10_000) + 1) };
        if (ports.Length > 0 && _values.Chance(20))
            ports[0] = ports[0] with { PortNumber = PortNo.Local };
        return new FeaturesReply
        {
            Xid = Xid,
            DatapathId = _values.U64(),
            BufferCount = _values.U32(),
            TableCount = _values.U8(),
            Capabilities = (Capabilities)(_values.U32() & 0xef),
            Actions = _values.U32() & 0xfff,
            Ports = ports,
        };
    }

    private PacketIn PacketIn()
    {
        ReadOnlySpan<byte> data = Data(128);
        uint buffer = Buffer();
        return new PacketIn
        {
            Xid = Xid,
            BufferId = buffer,
            // Only a kept frame may be sent in part.
            TotalLength = (ushort)(data.Length + (buffer == BufferId.None ? 0 : _values.Below(1000))),
            InPort = _values.Chance(10) ? PortNo.Local : _values.PhysicalPort(),
            Reason = (PacketInReason)_values.Below(2),
            Data = data,
        };
    }

    private FlowRemoved FlowRemoved() => new()
    {
        Xid = Xid,
        Match = Match(),
        Cookie = _values.U64(),
        Priority = _values.U16(),
        Reason = (FlowRemovedReason)_values.Below(3),
        DurationSeconds = _values.U32(),
        DurationNanoseconds = (uint)_values.Below(1_000_000_000),
        IdleTimeout = _values.U16(),
        PacketCount = _values.U64(),
        ByteCount = _values.U64(),
    };

    private PacketOut PacketOut()
    {
        uint buffer = Buffer();
        return new PacketOut
        {
            Xid = Xid,
            BufferId = buffer,
            InPort = _values.OneOf(PortNo.None, PortNo.Local, PortNo.Controller, _values.PhysicalPort()),
            Actions = Actions(),
            Data = buffer == BufferId.None ? Data(128) : default,
        };
    }

    private FlowMod FlowMod()
    {
        FlowModFlags flags = (FlowModFlags)_values.Below(4);
        bool emergency = EmergencyFlag && _values.Chance(50);
        return new FlowMod
        {
            Xid = Xid,
            Match = Match(),
            Cookie = _values.U64(),
            Command = (FlowModCommand)_values.Below(5),
            IdleTimeout = emergency ? (ushort)0 : _values.U16(),
            HardTimeout = emergency ? (ushort)0 : _values.U16(),
            Priority = _values.U16(),
            BufferId = Buffer(),
            OutPort = _values.Chance(50) ? PortNo.None : _values.OutputPort(),
            Flags = emergency ? flags | FlowModFlags.Emergency : flags,
            Actions = Actions(),
        };
    }

    private PortMod PortMod()
    {
        PortConfig mask = (PortConfig)(_values.U32() & 0x7f);
        return new PortMod
        {
            Xid = Xid,
            PortNumber = _values.PhysicalPort(),
            HardwareAddress = _values.Mac(),
            Config = (PortConfig)(_values.U32() & 0x7f),
            Mask = mask,
            Advertise = PortFeature(),
        };
    }

    private int QueueConfig(Span<byte> to)
    {
        PacketQueueWriter queues = new(_actions);
        uint first = _values.U32() >> 4;
        for (int i = _values.Below(5); i > 0; i--)
        {
            QueueProperty rate = new(QueuePropertyType.MinRate, (ushort)_values.Below(1001));
            queues.Append(first + (uint)(i * i), _values.Chance(70) ? [rate] : []);
        }
        return new QueueGetConfigReply { Xid = Xid, Port = _values.PhysicalPort(), Queues = queues.AsList() }.Write(to);
    }
}

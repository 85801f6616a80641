using System.Text;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Bench.Switches;

/// <summary>
/// The switch's end of the protocol but for PACKET_INs and their answers: messages in, replies into <see cref="Output"/>. It has ports, no flow
/// entries and no queues, and takes every rule.
/// </summary>
internal sealed class SwitchSide
{
    private const ulong FirstDatapathId = 0x0000_b000_0000_0001;
    private const uint AllActions = (1u << ((int)ActionType.Enqueue + 1)) - 1;

    private readonly int _index;
    private readonly int _ports;
    private readonly int _buffers;

    /// <summary>A switch that says HELLO first.</summary>
    public SwitchSide(int index, int ports, int buffers)
    {
        _index = index;
        _ports = ports;
        _buffers = buffers;
        Output.Write(new Hello { Xid = 1 });
    }

    /// <summary>Its datapath id.</summary>
    public ulong DatapathId => FirstDatapathId + (ulong)_index;

    /// <summary>Replies to send.</summary>
    public SendBuffer Output { get; } = new();

    /// <summary>Whether the controller has said HELLO.</summary>
    public bool HasGreeted { get; private set; }

    /// <summary>Whether the controller knows who the switch is.</summary>
    public bool SentFeatures { get; private set; }

    /// <summary>Whether a BARRIER_REQUEST came after that.</summary>
    public bool SawBarrier { get; private set; }

    /// <summary>The transaction id of the latest ECHO_REPLY.</summary>
    public uint EchoReplied { get; private set; }

    /// <summary>How much of a buffered frame the controller wants (OFP_DEFAULT_MISS_SEND_LEN until it says so).</summary>
    public ushort MissSendLength { get; private set; } = 128;

    /// <summary>OFPT_ERROR messages of the controller.</summary>
    public long Errors { get; private set; }

    /// <summary>Handles any message but PACKET_OUT and FLOW_MOD.</summary>
    /// <exception cref="ControllerFaultException">The controller does not speak OpenFlow 1.0.</exception>
    public void Handle(ReadOnlySpan<byte> message)
    {
        if (!MessageTable.TryIdentify(message, out MessageKind kind, out DecodeError error))
            HandleUnknown(message, error);
        else if (kind == MessageKind.Hello)
            HandleHello(message);
        else if (kind == MessageKind.Error)
            HandleError(message);
        else if (!TryReply(kind, message))
            Refuse(message, ErrorCode.BadRequestBadType);
    }

    private bool TryReply(MessageKind kind, ReadOnlySpan<byte> message)
    {
        Header.TryRead(message, out Header header);
        uint xid = header.Xid;
        switch (kind)
        {
            case MessageKind.FeaturesRequest: ReplyFeatures(xid); break;
            case MessageKind.SetConfig: TakeConfig(message); break;
            case MessageKind.GetConfigRequest: Output.Write(new GetConfigReply { Xid = xid, MissSendLength = MissSendLength }); break;
            case MessageKind.BarrierRequest: ReplyBarrier(xid); break;
            case MessageKind.EchoRequest: Output.Write(new EchoReply { Xid = xid, Data = message[Header.Size..] }); break;
            case MessageKind.EchoReply: EchoReplied = xid; break;
            case MessageKind.NiciraRoleRequest: ReplyRole(message); break;
            case MessageKind.Vendor: Refuse(message, ErrorCode.BadRequestBadVendor); break;
            case MessageKind.QueueGetConfigRequest: ReplyQueues(message); break;
            case MessageKind.PortMod or MessageKind.NiciraSetControllerId: break;
            default: return TryReplyStatistics(kind, xid, message);
        }
        return true;
    }

    private bool TryReplyStatistics(MessageKind kind, uint xid, ReadOnlySpan<byte> message)
    {
        switch (kind)
        {
            case MessageKind.DescStatsRequest: Output.Write(new DescStatsReply { Xid = xid, Manufacturer = "NetServ"u8, Hardware = "bench"u8, Datapath = Encoding.ASCII.GetBytes($"bench switch {_index}") }); break;
            case MessageKind.FlowStatsRequest: Output.Write(new FlowStatsReply { Xid = xid }); break;
            case MessageKind.AggregateStatsRequest: Output.Write(new AggregateStatsReply { Xid = xid }); break;
            case MessageKind.TableStatsRequest: Output.Write(new TableStatsReply { Xid = xid, Entries = new([Table]) }); break;
            case MessageKind.PortStatsRequest: Output.Write(new PortStatsReply { Xid = xid }); break;
            case MessageKind.QueueStatsRequest: Output.Write(new QueueStatsReply { Xid = xid }); break;
            case MessageKind.VendorStatsRequest: Refuse(message, ErrorCode.BadRequestBadVendor); break;
            default: return false;
        }
        return true;
    }

    private static TableStats Table => new() { Name = TableName.From("classifier"), Wildcards = Wildcard.DefinedBits, MaxEntries = 1_000_000 };

    private void ReplyFeatures(uint xid)
    {
        PhyPort[] ports = new PhyPort[_ports];
        for (int i = 0; i < ports.Length; i++)
        {
            ushort number = (ushort)(i + 1);
            ports[i] = new PhyPort { PortNumber = number, HardwareAddress = new MacAddress(0x0a00_0000_0000 | ((ulong)(uint)_index << 16) | number), Name = PortName.From($"port{number}") };
        }
        Output.Write(new FeaturesReply
        {
            Xid = xid,
            DatapathId = DatapathId,
            BufferCount = (uint)_buffers,
            TableCount = 1,
            Capabilities = Capabilities.FlowStats | Capabilities.TableStats | Capabilities.PortStats,
            Actions = AllActions,
            Ports = ports,
        });
        SentFeatures = true;
    }

    private void ReplyBarrier(uint xid)
    {
        Output.Write(new BarrierReply(xid));
        SawBarrier |= SentFeatures;
    }

    private void ReplyRole(ReadOnlySpan<byte> message)
    {
        if (NiciraRoleRequest.TryRead(message, out NiciraRoleRequest request, out DecodeError error))
            Output.Write(new NiciraRoleReply { Xid = request.Xid, Role = request.Role });
        else
            Refuse(message, error.Answer);
    }

    private void ReplyQueues(ReadOnlySpan<byte> message)
    {
        if (QueueGetConfigRequest.TryRead(message, out QueueGetConfigRequest request, out DecodeError error))
            Output.Write(new QueueGetConfigReply { Xid = request.Xid, Port = request.Port });
        else
            Refuse(message, error.Answer);
    }

    private void TakeConfig(ReadOnlySpan<byte> message)
    {
        if (SetConfig.TryRead(message, out SetConfig config, out _))
            MissSendLength = config.MissSendLength;
    }

    private void HandleHello(ReadOnlySpan<byte> message)
    {
        if (!Hello.TryRead(message, out Hello hello, out _) || !hello.Speaks10)
            throw OtherVersion(message[0]);
        HasGreeted = true;
    }

    private void HandleError(ReadOnlySpan<byte> message)
    {
        if (ErrorMessage.TryRead(message, out ErrorMessage error, out _) && error.Error is ErrorCode.HelloFailedIncompatible or ErrorCode.HelloFailedEPerm)
            throw new ControllerFaultException($"the controller refuses OpenFlow 1.0 ({error.Error}: '{Encoding.UTF8.GetString(error.Data[..Math.Min(200, error.Data.Length)])}'); have it speak OpenFlow 1.0 (0x01)");
        Errors++;
    }

    private void HandleUnknown(ReadOnlySpan<byte> message, DecodeError error)
    {
        if (message[0] != Header.Version10)
            throw OtherVersion(message[0]);
        if (message[1] != (byte)MessageType.Error)
            Refuse(message, error.Answer);
    }

    private void Refuse(ReadOnlySpan<byte> message, ErrorCode code)
    {
        Header.TryRead(message, out Header header);
        Output.Write(new ErrorMessage { Xid = header.Xid, Error = code, Data = message[..Math.Min(64, message.Length)] });
    }

    private static ControllerFaultException OtherVersion(byte version) =>
        new($"the controller speaks OpenFlow version 0x{version:x2} and not 1.0 (0x01), which is all that is measured here; have it speak OpenFlow 1.0");
}

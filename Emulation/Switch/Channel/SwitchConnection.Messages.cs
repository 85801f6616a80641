using System.Runtime.InteropServices;
using System.Text;
using NetServ.Emulation.Switch.Buffers;
using NetServ.Emulation.Switch.Forwarding;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch;

public sealed partial class SwitchConnection
{
    private const uint AllActions = (1u << ((int)ActionType.Enqueue + 1)) - 1;

    private readonly List<SwitchAction> _packetOutActions = [];

    private void Handle(ReadOnlySpan<byte> message, TimeSpan now)
    {
        if (!MessageTable.TryIdentify(message, out MessageKind kind, out DecodeError error))
            Refuse(message, error.Answer);
        else if (kind == MessageKind.Hello)
            HandleHello(message);
        else if (MayNot(kind))
            Refuse(message, ErrorCode.BadRequestEPerm);
        else if (Dispatch(kind, message, now) is { } fault)
            Refuse(message, fault);
    }

    private ErrorCode? Dispatch(MessageKind kind, ReadOnlySpan<byte> message, TimeSpan now)
    {
        switch (kind)
        {
            case MessageKind.EchoRequest: return HandleEchoRequest(message);
            case MessageKind.FeaturesRequest: return HandleFeaturesRequest(message);
            case MessageKind.GetConfigRequest: return HandleGetConfigRequest(message);
            case MessageKind.SetConfig: return HandleSetConfig(message);
            case MessageKind.PacketOut: return HandlePacketOut(message, now);
            case MessageKind.FlowMod: return HandleFlowMod(message, now);
            case MessageKind.PortMod: return PortMod.TryRead(message, out PortMod mod, out DecodeError error) ? _switch.Apply(mod) : error.Answer;
            case MessageKind.BarrierRequest: return HandleBarrierRequest(message);
            case MessageKind.QueueGetConfigRequest: return HandleQueueGetConfigRequest(message);
            case MessageKind.NiciraRoleRequest: return HandleRoleRequest(message);
            case MessageKind.Vendor: return HandleVendor(message);
            case MessageKind.NiciraSetControllerId: return HandleSetControllerId(message);
            case MessageKind.EchoReply or MessageKind.Error: return null;
            default: return DispatchStatistics(kind, message, now);
        }
    }

    // A secondary controller reads and changes nothing.
    private bool MayNot(MessageKind kind) =>
        Role == NiciraRole.Secondary && kind is (MessageKind.FlowMod or MessageKind.PacketOut or MessageKind.PortMod);

    private void HandleHello(ReadOnlySpan<byte> message)
    {
        if (!Hello.TryRead(message, out Hello hello, out DecodeError error))
        {
            Refuse(message, error.Answer);
            return;
        }
        if (hello.Speaks10)
        {
            if (!IsUp && !_passive)
                _switch.ControllerUp();
            IsUp = true;
            return;
        }
        ErrorsSent++;
        byte[] text = Encoding.ASCII.GetBytes("this switch speaks OpenFlow 1.0 (version 0x01) only; enable OpenFlow 1.0 at the controller");
        Output.Append(new ErrorMessage { Xid = hello.Xid, Error = ErrorCode.HelloFailedIncompatible, Data = text });
        Close($"the controller speaks version 0x{hello.Version:x2} and not OpenFlow 1.0 (0x01)");
    }

    private ErrorCode? HandleEchoRequest(ReadOnlySpan<byte> message)
    {
        if (!EchoRequest.TryRead(message, out EchoRequest request, out DecodeError error))
            return error.Answer;
        Output.Append(new EchoReply { Xid = request.Xid, Data = request.Data });
        return null;
    }

    private ErrorCode? HandleFeaturesRequest(ReadOnlySpan<byte> message)
    {
        if (!FeaturesRequest.TryRead(message, out FeaturesRequest request, out DecodeError error))
            return error.Answer;
        Output.Append(new FeaturesReply
        {
            Xid = request.Xid,
            DatapathId = _switch.DatapathId,
            BufferCount = (uint)_switch.Buffers.Count,
            TableCount = 1,
            Capabilities = Capabilities.FlowStats | Capabilities.TableStats | Capabilities.PortStats | Capabilities.QueueStats | Capabilities.ArpMatchIp,
            Actions = AllActions,
            Ports = _switch.Ports.ToArray(),
        });
        return null;
    }

    private ErrorCode? HandleGetConfigRequest(ReadOnlySpan<byte> message)
    {
        if (!GetConfigRequest.TryRead(message, out GetConfigRequest request, out DecodeError error))
            return error.Answer;
        Output.Append(new GetConfigReply { Xid = request.Xid, Flags = _switch.Fragments, MissSendLength = MissSendLength });
        return null;
    }

    // Reassembly is not offered in the capabilities; what is asked for and cannot be done leaves the setting as it was.
    private ErrorCode? HandleSetConfig(ReadOnlySpan<byte> message)
    {
        if (!SetConfig.TryRead(message, out SetConfig config, out DecodeError error))
            return error.Answer;
        MissSendLength = config.MissSendLength;
        ConfigFlags fragments = config.Flags & ConfigFlags.FragmentsMask;
        if (Role != NiciraRole.Secondary && fragments is (ConfigFlags.FragmentsNormal or ConfigFlags.FragmentsDrop))
            _switch.Fragments = fragments;
        return null;
    }

    private ErrorCode? HandleBarrierRequest(ReadOnlySpan<byte> message)
    {
        if (!BarrierRequest.TryRead(message, out BarrierRequest request, out DecodeError error))
            return error.Answer;
        return Answer(request);
    }

    private ErrorCode? HandlePacketOut(ReadOnlySpan<byte> message, TimeSpan now)
    {
        if (!PacketOut.TryRead(message, out PacketOut packet, out DecodeError error))
            return error.Answer;
        _packetOutActions.Clear();
        if (!ActionCompiler.TryCompile(packet.Actions, fromPacketOut: true, _switch.PortSet, _packetOutActions, out ErrorCode fault))
            return fault;
        if (packet.BufferId != BufferId.None)
            return UseBuffer(packet.BufferId, CollectionsMarshal.AsSpan(_packetOutActions), packet.InPort, now);
        if (packet.Data.Length < 14)
            return packet.Data.IsEmpty ? null : ErrorCode.BadRequestBadLen;
        _switch.DataPath.Run(CollectionsMarshal.AsSpan(_packetOutActions), packet.Data, packet.InPort, now);
        return null;
    }

    private ErrorCode? HandleFlowMod(ReadOnlySpan<byte> message, TimeSpan now)
    {
        if (!FlowMod.TryRead(message, out FlowMod mod, out DecodeError error))
            return error.Answer;
        if (_switch.Modifier.Apply(mod, now) is { } fault)
            return fault;
        if (mod.BufferId == BufferId.None || mod.Command >= FlowModCommand.Delete)
            return null;
        _packetOutActions.Clear();
        ActionCompiler.TryCompile(mod.Actions, fromPacketOut: false, _switch.PortSet, _packetOutActions, out _);
        return UseBuffer(mod.BufferId, CollectionsMarshal.AsSpan(_packetOutActions), null, now);
    }

    // Without a port of its own, the frame keeps the one it came in by.
    private ErrorCode? UseBuffer(uint id, ReadOnlySpan<SwitchAction> actions, ushort? inPort, TimeSpan now)
    {
        switch (_switch.Buffers.Take(id, now, out ReadOnlySpan<byte> frame, out ushort cameBy))
        {
            case BufferState.Unknown: return ErrorCode.BadRequestBufferUnknown;
            case BufferState.Empty: return ErrorCode.BadRequestBufferEmpty;
            default:
                _switch.DataPath.Run(actions, frame, inPort ?? cameBy, now);
                _switch.Buffers.Release(id);
                return null;
        }
    }
}

using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using NetServ.Controller.Core;
using NetServ.Coordination;
using NetServ.Packets;
using NetServ.Signaling;
using CoreReport = NetServ.Controller.Core.Nodes.ModuleReport;
using FilterDirection = NetServ.Coordination.FilterDirection;
using FragmentMode = NetServ.Coordination.FragmentMode;
using ModuleStatus = NetServ.Controller.Core.Nodes.ModuleStatus;
using NodeCommand = NetServ.Controller.Core.Nodes.NodeCommand;
using NodeGreeting = NetServ.Controller.Core.Nodes.NodeGreeting;
using NodeLoad = NetServ.Controller.Core.Nodes.NodeLoad;

namespace NetServ.Controller.Grpc;

/// <summary>Between the messages of node.proto and Core's words.</summary>
internal static class NodeMapping
{
    /// <summary>A greeting; false with the fault if an address cannot be read.</summary>
    public static bool TryRead(NodeHello hello, string name, [NotNullWhen(true)] out NodeGreeting? greeting, out string fault)
    {
        greeting = null;
        fault = "";
        List<MacAddress> addresses = [];
        foreach (string text in hello.MacAddresses)
        {
            if (!MacAddress.TryParse(text, out MacAddress address) || address.IsMulticast)
            {
                fault = $"mac_addresses: '{text}' is not a unicast MAC address; write six hex bytes like 02:00:00:00:00:01";
                return false;
            }
            addresses.Add(address);
        }
        greeting = new NodeGreeting(name, hello.Capacity, [.. addresses], hello.Version, [.. hello.Modules.Select(Read)]);
        return true;
    }

    /// <summary>A report.</summary>
    public static CoreReport Read(ModuleReport report) =>
        new(report.OwnerId, (ModuleStatus)report.State, report.Code, report.Text, [.. report.Counters], report.Stateless);

    /// <summary>What a message means to Core; null for one that means nothing.</summary>
    public static CoreInput? Read(NodeMessage message, long streamId, Func<ImmutableArray<byte>> nonce) => message.BodyCase switch
    {
        NodeMessage.BodyOneofCase.Challenge => new CoreInput.ChallengeAnswered(streamId, [.. message.Challenge.Challenge]),
        NodeMessage.BodyOneofCase.Module => new CoreInput.ModuleReported(streamId, Read(message.Module)),
        NodeMessage.BodyOneofCase.Heartbeat => new CoreInput.NodeHeard(streamId, [.. message.Heartbeat.Modules.Select(Read)], Load(message.Heartbeat)),
        NodeMessage.BodyOneofCase.FlowsReleased => new CoreInput.FlowsReleased(streamId, Read(message.FlowsReleased.OwnerId, message.FlowsReleased.Flows)),
        NodeMessage.BodyOneofCase.FlowsRecalled => new CoreInput.FlowsRecalled(streamId, Read(message.FlowsRecalled.OwnerId, message.FlowsRecalled.Flows)),
        NodeMessage.BodyOneofCase.Leaving => new CoreInput.NodeLeaving(streamId),
        NodeMessage.BodyOneofCase.NonceRequest => new CoreInput.NonceAsked(streamId, nonce()),
        _ => null,
    };

    /// <summary>A command as a message.</summary>
    public static ControllerMessage Write(NodeCommand command) => command switch
    {
        NodeCommand.Welcome welcome => new ControllerMessage
        {
            Welcome = new Welcome { NodeId = welcome.NodeId, Epoch = welcome.Epoch, AttachmentKey = Bytes(welcome.Key), HeartbeatMs = (uint)welcome.HeartbeatMs },
        },
        NodeCommand.Nonce nonce => new ControllerMessage { Nonce = new Nonce { Nonce_ = Bytes(nonce.Value), ValidMs = (uint)nonce.ValidMs } },
        NodeCommand.Attached attached => new ControllerMessage { Attached = new Attached { Dpid = attached.Dpid, Port = attached.Port } },
        NodeCommand.Refused refused => new ControllerMessage { Refused = new Refused { Code = refused.Code, Text = refused.Text } },
        NodeCommand.Remove remove => new ControllerMessage { Remove = new RemoveModule { OwnerId = remove.OwnerId, DrainMs = (uint)remove.DrainMs } },
        NodeCommand.Install install => new ControllerMessage { Install = Write(install) },
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "no message for it"),
    };

    private static InstallModule Write(NodeCommand.Install install)
    {
        NetServRequest request = install.Request;
        InstallModule message = new()
        {
            OwnerId = install.OwnerId,
            User = request.User,
            ModuleId = request.Module.ToString(),
            Url = request.Url?.OriginalString ?? "",
            Checksum = ByteString.CopyFrom(request.BundleChecksum.GetValueOrDefault().Span),
            FailClosed = request.Terms.FailureMode == FailureMode.Closed,
            Order = request.Terms.Order,
            Replaces = install.Replaces,
        };
        message.Properties.Add(new Dictionary<string, string>(request.Properties));
        message.Dependencies.AddRange(request.Dependencies.Select(d => d.ToString()));
        if (request.Filter is { } filter)
            message.Filter = Write(filter, request.Terms.Fragments);
        return message;
    }

    private static Filter Write(FlowFilter filter, Signaling.FragmentMode fragments) => new()
    {
        Protocol = filter.Protocol ?? 0,
        Port = filter.DestinationPort ?? 0u,
        Address = filter.Destination.Address.Value,
        PrefixLength = (uint)filter.Destination.Length,
        SourceAddress = filter.Source?.Address.Value ?? 0,
        SourcePrefixLength = (uint)(filter.Source?.Length ?? 0),
        SourcePort = filter.SourcePort ?? 0u,
        Direction = filter.Direction switch
        {
            Signaling.FilterDirection.Reverse => FilterDirection.Reverse,
            Signaling.FilterDirection.Both => FilterDirection.Both,
            _ => FilterDirection.Forward,
        },
        Fragments = fragments switch
        {
            Signaling.FragmentMode.Steer => FragmentMode.Steer,
            Signaling.FragmentMode.Drop => FragmentMode.Drop,
            _ => FragmentMode.Pass,
        },
    };

    private static NodeLoad Load(Heartbeat heartbeat) => new(Math.Min(heartbeat.BusyPerMille, 1000), heartbeat.Overruns);

    private static ImmutableArray<(uint OwnerId, FiveTuple Flow)> Read(uint ownerId, IEnumerable<Flow> flows) => [.. flows.Select(f => (ownerId, Read(f)))];

    private static FiveTuple Read(Flow flow) => new(
        (byte)flow.Protocol, new Ipv4Address(flow.SourceAddress), new Ipv4Address(flow.DestinationAddress), (ushort)flow.SourcePort, (ushort)flow.DestinationPort, (ushort)flow.Vlan);

    private static ByteString Bytes(ImmutableArray<byte> bytes) => ByteString.CopyFrom(bytes.AsSpan());
}

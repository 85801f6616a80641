using NetServ.Controller.Core;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Grpc;
using NetServ.Coordination;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Controller.Tests.Grpc;

public class NodeMappingTests
{
    [Test]
    public void An_installation_tells_the_node_all_that_the_request_says_of_packets_and_terms()
    {
        InstallModule message = Install(replaces: 41,
            new("filter-ipv4", "10.0.0.0/8"), new("filter-proto", "tcp"), new("filter-port", "80"), new("filter-src-ipv4", "10.1.0.0/16"), new("filter-src-port", "9"),
            new("filter-direction", "both"), new("filter-order", "7"), new("failure-mode", "closed"), new("fragments", "steer"));
        Assert.That((message.OwnerId, message.Order, message.FailClosed, message.Replaces), Is.EqualTo((42u, 7u, true, 41u)));
        Assert.That(message.Filter, Is.EqualTo(new Filter
        {
            Protocol = 6,
            Port = 80,
            Address = 0x0a000000,
            PrefixLength = 8,
            SourceAddress = 0x0a010000,
            SourcePrefixLength = 16,
            SourcePort = 9,
            Direction = Coordination.FilterDirection.Both,
            Fragments = Coordination.FragmentMode.Steer,
        }));
    }

    [Test]
    public void What_a_request_leaves_out_is_any_source_forward_and_fail_open()
    {
        InstallModule message = Install(replaces: 0, new RequestHeader("filter-ipv4", "10.0.0.1"));
        Assert.That((message.Order, message.FailClosed, message.Replaces), Is.EqualTo((100u, false, 0u)));
        Assert.That(message.Filter, Is.EqualTo(new Filter { Address = 0x0a000001, PrefixLength = 32 }));
    }

    [Test]
    public void Flows_that_a_node_releases_and_recalls_are_told_with_their_owner()
    {
        Flow flow = new() { Protocol = 17, SourceAddress = 0x0a000001, DestinationAddress = 0x0a000002, SourcePort = 9, DestinationPort = 5060, Vlan = 0xffff };
        FiveTuple tuple = new(17, Ipv4Address.Parse("10.0.0.1"), Ipv4Address.Parse("10.0.0.2"), 9, 5060);
        CoreInput? released = NodeMapping.Read(new NodeMessage { FlowsReleased = new FlowsReleased { OwnerId = 3, Flows = { flow } } }, 7, () => []);
        CoreInput? recalled = NodeMapping.Read(new NodeMessage { FlowsRecalled = new FlowsRecalled { OwnerId = 4, Flows = { flow, flow } } }, 7, () => []);
        Assert.That(released, Is.TypeOf<CoreInput.FlowsReleased>());
        Assert.That((((CoreInput.FlowsReleased)released!).StreamId, ((CoreInput.FlowsReleased)released).Flows.Single()), Is.EqualTo((7L, (3u, tuple))));
        Assert.That(((CoreInput.FlowsRecalled)recalled!).Flows, Is.EqualTo(new[] { (4u, tuple), (4u, tuple) }));
    }

    [Test]
    public void A_heartbeat_tells_the_load_and_which_modules_are_stateless()
    {
        Heartbeat heartbeat = new() { BusyPerMille = 1700, Overruns = 4, Modules = { new Coordination.ModuleReport { OwnerId = 1, Stateless = true }, new Coordination.ModuleReport { OwnerId = 2 } } };
        CoreInput.NodeHeard heard = (CoreInput.NodeHeard)NodeMapping.Read(new NodeMessage { Heartbeat = heartbeat }, 7, () => [])!;
        Assert.That(heard.Load, Is.EqualTo(new NodeLoad(1000, 4)));
        Assert.That(heard.Modules.Select(m => m.Stateless), Is.EqualTo(new[] { true, false }));
    }

    private static InstallModule Install(uint replaces, params RequestHeader[] filter)
    {
        RequestHeader[] headers =
        [
            new("user", "jane"), new("url", "http://192.0.2.1/x"), new("checksum", "sha256:" + new string('0', 64)), new("issued", "2025-01-31T12:00:00Z"),
            new("nonce", new string('0', 32)), .. filter,
        ];
        Assert.That(NetServRequest.TryCreate(RequestCommand.Setup, "Mark_1.0.0", headers, out NetServRequest? request, out _), Is.True);
        return NodeMapping.Write(new NodeCommand.Install(42, request!, replaces)).Install;
    }
}

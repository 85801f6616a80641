using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Grpc;
using NetServ.Coordination;
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

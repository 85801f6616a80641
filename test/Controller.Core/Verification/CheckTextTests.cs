using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Verification;

namespace NetServ.Controller.Core.Tests.Verification;

public sealed class CheckTextTests
{
    [Test]
    public void A_whole_network_is_told_with_its_gaps()
    {
        string[] lines = Lines(Networks.Line());
        Assert.That(lines[0], Does.StartWith("3 switches, 9 rules, 2 edge ports: ").And.Contain(" to the controller"));
        Assert.That(lines[1..^1], Is.EqualTo((string[])
        [
            "gap: fragments behind the first carry no ports and pass alice's Module42 (owner 0000002a)",
            "gap: frames with two tags pass: their type is that of the inner tag, and filters need IPv4",
            "gap: IPv6 passes: OpenFlow 1.0 cannot match its addresses",
        ]));
        Assert.That(lines[^1], Is.EqualTo("proven: nothing loops, is lost, or passes a filter unprocessed or twice, but for the gaps that are named"));
    }

    [Test]
    public void What_is_wrong_is_told_with_the_way_of_a_packet()
    {
        string[] lines = Lines(Networks.Line().WithoutNode("node1").Node("s2:6", "node2", Networks.Owner));
        Assert.That(lines[1], Is.EqualTo("wrong: black hole: s2:8: is sent to port 5, where no node is, by the forwarding rule [priority=45000,in_port=8,dl_vlan=3001 actions=strip_vlan,output:5]"));
        Assert.That(lines[2], Does.StartWith("    udp,").And.EndWith("tp_src=40000,tp_dst=5060 enters at s1:1"));
        Assert.That(lines, Has.Some.EqualTo("      2. s2:8  forwarding rule [45000, in_port=8,dl_vlan=3001] -> untagged, port 5: LOST (no node is there)"));
        Assert.That(lines[^1], Is.EqualTo("1 wrong"));
    }

    [Test]
    public void What_is_not_proven_is_told()
    {
        string[] lines = Lines(Networks.Single().Rule(1, RuleKind.None, 20000, "in_port=2,dl_src=1,dl_dst=78", "NORMAL"));
        Assert.That(lines, Has.Some.StartsWith("not proven: where NORMAL takes packets"));
        Assert.That(lines[^1], Is.EqualTo("nothing wrong found, but not all is proven"));
    }

    private static string[] Lines(PictureMaker network) => CheckText.Of(network.Picture, network.Check()).TrimEnd('\n').Split('\n');
}

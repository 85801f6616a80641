using NetServ.Modules.Abstractions;
using NetServ.Node.Containers.Inline;
using NetServ.Node.DataPath.Classification;
using NetServ.Node.Tests.Support;
using NetServ.Packets;

namespace NetServ.Node.Tests.DataPath;

public class ClassifierTests
{
    [Test]
    public void Port_without_protocol_is_refused() =>
        Assert.That(() => new Classifier([new FilterEntry(5, PumpRig.Filter(protocol: 0), FilterFate.Drop)]), Throws.ArgumentException.With.Message.Contains("owner 5"));

    [Test]
    public void Thousand_random_filters_decide_as_a_plain_search_does()
    {
        Random random = new(20240601);
        FilterEntry[] entries = [.. Enumerable.Range(1, 1000).Select(i => RandomEntry(random, (uint)i))];
        Classifier classifier = new(entries);
        int found = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] frame = TestFrames.Udp("x", to: RandomAddress(random).ToString(), port: (ushort)random.Next(1, 8));
            Packet packet = new(frame, frame.Length);
            PacketAction? action = classifier.Find(in packet, out bool portless);
            Assert.That(portless, Is.False);
            FilterFate? expected = Search(entries, packet.Destination, packet.DestinationPort);
            Assert.That(action?.Fate, Is.EqualTo(expected), $"{packet.Destination}:{packet.DestinationPort}");
            found += action is null ? 0 : 1;
        }
        Assert.That(found, Is.InRange(2_000, 18_000), "the filters match some packets and not others");
    }

    private static FilterEntry RandomEntry(Random random, uint owner)
    {
        int length = random.Next(20, 33);
        Ipv4Address address = new(RandomAddress(random).Value & new Ipv4Prefix(default, length).Mask);
        byte protocol = random.Next(4) switch { 0 => 0, 1 => IpProtocols.Tcp, _ => IpProtocols.Udp };
        ushort port = protocol == 0 ? (ushort)0 : (ushort)random.Next(0, 8);
        FilterFate fate = random.Next(4) == 0 ? FilterFate.Drop : FilterFate.PassUnprocessed;
        return new FilterEntry(owner, new PacketFilter(new Ipv4Prefix(address, length), protocol, port), fate);
    }

    private static Ipv4Address RandomAddress(Random random) => new(0x0a000000u | (uint)random.Next(1 << 18));

    private static FilterFate? Search(FilterEntry[] entries, Ipv4Address destination, ushort port)
    {
        FilterEntry[] matching = [.. entries.Where(e => e.Filter.Destination.Contains(destination)
            && (e.Filter.Protocol == 0 || (e.Filter.Protocol == IpProtocols.Udp && (e.Filter.Port == 0 || e.Filter.Port == port))))];
        return matching.Length == 0 ? null : matching.Any(e => e.Fate == FilterFate.Drop) ? FilterFate.Drop : FilterFate.PassUnprocessed;
    }

    [Test]
    public void Packet_is_routed_through_exactly_the_modules_whose_filters_match()
    {
        InlineContainer container = new();
        using PumpRig rig = new();
        rig.Install(1, LambdaModule.Writing('a'), PumpRig.Filter("10.0.0.0/8", 0, 0), container, order: 1);
        rig.Install(2, LambdaModule.Writing('b'), PumpRig.Filter("10.0.0.0/24", 17, 0), container, order: 2);
        rig.Install(3, LambdaModule.Writing('c'), PumpRig.Filter("10.0.0.1/32", 17, 5060), container, order: 3);
        string[] met = [.. rig.Through(TestFrames.Udp("____"), TestFrames.Udp("____", port: 1), TestFrames.Udp("____", to: "10.1.1.1")).Select(TestFrames.PayloadText)];
        Assert.That(met, Is.EqualTo(new[] { "abc_", "ab__", "a___" }));
    }
}

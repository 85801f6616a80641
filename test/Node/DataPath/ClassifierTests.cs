using NetServ.Modules.Abstractions;
using NetServ.Node.Containers.Inline;
using NetServ.Node.DataPath.Classification;
using NetServ.Node.Tests.Support;
using NetServ.Packets;

namespace NetServ.Node.Tests.DataPath;

public class ClassifierTests
{
    private static readonly RouteRecorder[] s_containers = [new(), new(), new()];

    [Test]
    public void Port_without_protocol_is_refused()
    {
        Assert.That(() => new Classifier([new FilterEntry(5, PumpRig.Filter(protocol: 0), FilterFate.Drop)]), Throws.ArgumentException.With.Message.Contains("owner 5"));
        PacketFilter source = PumpRig.Filter(protocol: 0, port: 0) with { SourcePort = 9 };
        Assert.That(() => new Classifier([new FilterEntry(6, source, FilterFate.Drop)]), Throws.ArgumentException.With.Message.Contains("owner 6"));
    }

    [TestCase(1000, 18, TestName = "Thousand random filters decide as a plain search does")]
    [TestCase(60, 8, TestName = "Filters that overlap everywhere decide as a plain search does")]
    public void Random_filters_decide_as_a_plain_search_does(int filters, int addressBits)
    {
        Random random = new(20240601);
        FilterEntry[] entries = [.. Enumerable.Range(1, filters).Select(i => RandomEntry(random, (uint)i, addressBits))];
        Classifier classifier = new(entries);
        Dictionary<string, int> kinds = [];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] frame = RandomFrame(random, addressBits);
            Packet packet = new(frame, frame.Length);
            string expected = PlainSearch.Decide(entries, in packet);
            Assert.That(PlainSearch.Describe(classifier.Find(in packet)), Is.EqualTo(expected), $"{packet.Source}:{packet.SourcePort} > {packet.Destination}:{packet.DestinationPort} ports {packet.HasPorts}");
            string kind = expected.Split(' ')[0] + (expected.Contains("portless", StringComparison.Ordinal) ? " portless" : "");
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }
        Assert.That(kinds.Keys, Is.SupersetOf(new[] { "none", "Process", "Drop", "PassUnprocessed" }), "the packets meet all fates");
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

    [Test]
    public void Source_prefix_and_port_narrow_a_filter()
    {
        PacketFilter filter = PumpRig.Filter() with { Source = Ipv4Prefix.Parse("10.0.0.10/32"), SourcePort = 40000 };
        Assert.That(Decide(filter, TestFrames.Udp()), Is.EqualTo("Process 1"));
        Assert.That(Decide(filter, TestFrames.Udp(fromPort: 40001)), Is.EqualTo("none"));
        Assert.That(Decide(filter with { Source = Ipv4Prefix.Parse("10.0.0.11/32") }, TestFrames.Udp()), Is.EqualTo("none"));
    }

    [Test]
    public void Direction_says_whether_packets_or_their_answers_match()
    {
        byte[] packet = TestFrames.Udp();
        byte[] answer = TestFrames.Udp(to: TestFrames.Client.ToString(), port: 40000, fromPort: 5060, from: TestFrames.Server);
        string[] decisions = [.. Enum.GetValues<FilterDirection>().Select(d => PumpRig.Filter() with { Direction = d, Source = Ipv4Prefix.Parse("10.0.0.0/28") })
            .Select(f => Decide(f, packet) + " / " + Decide(f, answer))];
        Assert.That(decisions, Is.EqualTo(new[] { "Process 1 / none", "none / Process 1", "Process 1 / Process 1" }));
    }

    [Test]
    public void Packet_between_two_addresses_of_a_filter_of_both_directions_meets_its_module_once() =>
        Assert.That(Decide(PumpRig.Filter("10.0.0.0/24", port: 0) with { Direction = FilterDirection.Both }, TestFrames.Udp()), Is.EqualTo("Process 1"));

    [TestCase(FragmentMode.Pass, "PassUnprocessed portless ")]
    [TestCase(FragmentMode.Steer, "Process 1")]
    [TestCase(FragmentMode.Drop, "Drop portless ")]
    public void Fragment_without_ports_fares_as_the_filter_says(FragmentMode mode, string expected)
    {
        PacketFilter filter = PumpRig.Filter() with { Fragments = mode };
        Assert.That(Decide(filter, TestFrames.Fragment(185, more: false)), Is.EqualTo(expected));
        Assert.That(Decide(filter, TestFrames.Fragment(185, more: false, IpProtocols.Tcp)), Is.EqualTo("none"));
    }

    [Test]
    public void Modules_are_visited_by_the_order_of_their_filters_whoever_owns_them()
    {
        FilterEntry[] entries =
        [
            Entry(1, 0) with { Order = 300 }, Entry(2, 1) with { Order = 100 }, Entry(3, 0) with { Order = 100 }, Entry(4, 1) with { Order = 200, ModuleOrder = 1 },
            Entry(5, 0) with { Order = 7, ModuleOrder = 99 }, Entry(6, 1) with { Order = 100, ModuleOrder = 1 },
        ];
        Assert.That(Decide(entries, TestFrames.Udp()), Is.EqualTo("Process 5,6,2,3,4,1"));
    }

    [Test]
    public void What_is_left_of_a_removed_filter_counts_only_where_no_installed_one_matches()
    {
        FilterEntry removed = Entry(1, 0) with { Fate = FilterFate.Drop, IsRemoved = true };
        Assert.That(Decide([removed], TestFrames.Udp()), Is.EqualTo("Drop "));
        Assert.That(Decide([removed, Entry(2, 1)], TestFrames.Udp()), Is.EqualTo("Process 2"));
    }

    [Test]
    public void Module_that_replaces_others_takes_their_packets_where_both_match_as_long_as_it_works()
    {
        FilterEntry oldest = Entry(1, 0);
        FilterEntry older = Entry(2, 0) with { Replaces = 1, Filter = PumpRig.Filter(port: 5061) };
        FilterEntry newer = Entry(3, 0) with { Replaces = 2 };
        Assert.That(Decide([oldest, older, newer], TestFrames.Udp()), Is.EqualTo("Process 3"), "also where the one between does not match");
        Assert.That(Decide([oldest, older, newer], TestFrames.Udp(port: 5061)), Is.EqualTo("Process 2"));
        Assert.That(Decide([oldest, newer with { Replaces = 1, Fate = FilterFate.Drop }], TestFrames.Udp()), Is.EqualTo("Process 1"), "the newer one failed");
        Assert.That(Decide([oldest with { Fate = FilterFate.Drop }, newer with { Replaces = 1 }], TestFrames.Udp()), Is.EqualTo("Process 3"), "the older one failed");
    }

    private static FilterEntry Entry(uint owner, int container) => new(owner, PumpRig.Filter(), FilterFate.Process, s_containers[container]);

    private static string Decide(PacketFilter filter, byte[] frame) => Decide([new FilterEntry(1, filter, FilterFate.Process, s_containers[0])], frame);

    private static string Decide(FilterEntry[] entries, byte[] frame)
    {
        Packet packet = new(frame, frame.Length);
        return PlainSearch.Describe(new Classifier(entries).Find(in packet));
    }

    private static FilterEntry RandomEntry(Random random, uint owner, int addressBits)
    {
        byte protocol = random.Next(4) switch { 0 => 0, 1 => IpProtocols.Tcp, _ => IpProtocols.Udp };
        PacketFilter filter = new(RandomPrefix(random, addressBits), protocol, RandomPort(random, protocol))
        {
            Source = random.Next(3) == 0 ? RandomPrefix(random, addressBits) : default,
            SourcePort = random.Next(4) == 0 ? RandomPort(random, protocol) : (ushort)0,
            Direction = (FilterDirection)random.Next(3),
            Fragments = (FragmentMode)random.Next(3),
        };
        FilterFate fate = random.Next(12) switch { 0 => FilterFate.Drop, 1 => FilterFate.PassUnprocessed, _ => FilterFate.Process };
        return new FilterEntry(owner, filter, fate, s_containers[random.Next(3)])
        {
            Order = (ushort)random.Next(3),
            ModuleOrder = random.Next(3),
            // Pairs, so that a chain's middle cannot be missing.
            Replaces = owner % 6 == 0 ? owner - 1 : 0,
            IsRemoved = random.Next(10) == 0,
        };
    }

    private static ushort RandomPort(Random random, byte protocol) => protocol == 0 ? (ushort)0 : (ushort)random.Next(0, 8);

    private static Ipv4Prefix RandomPrefix(Random random, int addressBits)
    {
        int length = 32 - random.Next(Math.Min(addressBits, 13));
        return new Ipv4Prefix(new Ipv4Address(RandomAddress(random, addressBits).Value & new Ipv4Prefix(default, length).Mask), length);
    }

    private static Ipv4Address RandomAddress(Random random, int bits) => new(0x0a000000u | (uint)random.Next(1 << bits));

    private static byte[] RandomFrame(Random random, int addressBits)
    {
        byte[] frame = TestFrames.Udp("xxxxxxxxxxxxxxxx", RandomAddress(random, addressBits).ToString(), (ushort)random.Next(1, 8), fromPort: (ushort)random.Next(1, 8), from: RandomAddress(random, addressBits));
        return random.Next(5) == 0 ? TestFrames.AsFragment(frame, 185, more: false) : frame;
    }
}

using System.Buffers.Binary;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Verification;
using NetServ.Emulation;
using NetServ.Packets;
using NetServ.Scenarios.Scale;

namespace NetServ.Scenarios.Topology;

/// <summary>
/// What OpenFlow 1.0 cannot match crosses a network with filters in force: once, as it was sent, to whom it is for, and past all nodes; and a check names what
/// passes so.
/// </summary>
public sealed class GapsOverSwitchesTests
{
    private const ushort Sip = 5060;
    private const ushort OuterVlan = 7, InnerVlan = 9;

    // IEEE 802.1ad; to OpenFlow 1.0 a type like any other.
    private const ushort ProvidersTag = 0x88a8;

    private static readonly string[] s_frames = ["two tags", "two tags, the outer one a provider's", "IPv6", "tagged IPv6", "later fragment", "last fragment"];

    [Test]
    public void It_arrives_once_and_as_it_was_sent_and_no_node_sees_it([ValueSource(nameof(s_frames))] string what, [Values("reactive", "proactive")] string steering)
    {
        using Network network = new(("steering", steering));
        (EmulatedHost first, EmulatedHost last) = (network.Hosts[0], network.Hosts[^1]);
        // Who speaks is known from then on.
        last.SendFrame(Frame(what, last, first, 0));
        network.Bed.Pass(0.3);
        network.Forget();
        List<byte[]> sent = [];
        for (byte i = 1; i <= 10; i++)
        {
            sent.Add(Frame(what, first, last, i));
            first.SendFrame(sent[^1]);
            network.Bed.Pass(0.05);
        }
        Assert.That(network.At(last), Is.EqualTo(sent));
        foreach (EmulatedHost other in network.Hosts.Where(h => h != last))
            Assert.That(network.At(other), Is.Empty, other.Name);
        network.AssertNoNodeSawAny();
    }

    [Test]
    public void A_frame_with_two_tags_of_which_the_outer_one_is_in_use_between_switches_is_refused_where_it_enters_and_counted()
    {
        using Network network = new();
        (EmulatedHost first, EmulatedHost last) = (network.Hosts[0], network.Hosts[^1]);
        ushort[] tags = [.. network.Bed.Controller.Core.Tags.Tags.All.Keys];
        Assert.That(tags, Has.Length.EqualTo(3), "to each node, and done");
        network.Forget();
        for (int round = 1; round <= 3; round++)
        {
            foreach (ushort tag in tags)
            {
                first.SendFrame(Tagged(Plain(first, last, 1), EtherTypes.Vlan, tag, InnerVlan));
                network.Bed.Pass(0.05);
            }
            Assert.That(Refused(network), Is.EqualTo((long[])[round * tags.Length, 0, 0]));
        }
        foreach (EmulatedHost host in network.Hosts)
            Assert.That(network.At(host), Is.Empty, host.Name);
        network.AssertNoNodeSawAny();
        Assert.That(network.Bed.Controller.Reports.Where(r => r.Kind == "alarm").Select(r => r.Text), Has.Exactly(1).Contains("uses VLAN"));
    }

    [Test]
    public void A_provider_s_tag_is_none_of_those_between_switches_whatever_its_number()
    {
        using Network network = new();
        (EmulatedHost first, EmulatedHost last) = (network.Hosts[0], network.Hosts[^1]);
        byte[][] sent = [.. network.Bed.Controller.Core.Tags.Tags.All.Keys.Select(tag => Tagged(Plain(first, last, 1), ProvidersTag, tag, InnerVlan))];
        network.Forget();
        foreach (byte[] frame in sent)
        {
            first.SendFrame(frame);
            network.Bed.Pass(0.05);
        }
        Assert.That(network.At(last), Is.EqualTo(sent));
        Assert.That(Refused(network), Is.All.Zero);
        network.AssertNoNodeSawAny();
    }

    [Test]
    public void A_check_names_what_passes_so_with_a_packet_that_is_delivered_past_the_nodes()
    {
        using Network network = new();
        NetworkPicture picture = PictureOfBed.PicturesOf(network.Bed).Single();
        CheckReport report = Checker.Check(picture);
        Assert.That(report.IsProven, Is.True, CheckText.Of(picture, report));
        Assert.That(report.Gaps.Select(g => g.Kind), Is.EqualTo((GapKind[])[GapKind.Fragments, GapKind.QinQ, GapKind.Ipv6]));
        Assert.That(report.Gaps.SelectMany(g => g.Trace.Ends).Select(e => e.End), Is.All.EqualTo(TraceEnd.Delivered));
        Assert.That(report.Gaps[0].OwnerId, Is.EqualTo(picture.Filters.Single().OwnerId));
    }

    private static IEnumerable<long> Refused(Network network) => network.Bed.Controller.Channels.Select(c => c.Session!.Counters.ForeignTags);

    private static byte[] Frame(string what, EmulatedHost from, EmulatedHost to, byte number)
    {
        byte[] frame = Plain(from, to, number);
        switch (what)
        {
            case "two tags":
                return Tagged(frame, EtherTypes.Vlan, OuterVlan, InnerVlan);
            case "two tags, the outer one a provider's":
                return Tagged(frame, ProvidersTag, OuterVlan, InnerVlan);
            case "IPv6":
                return AsIpv6(frame);
            case "tagged IPv6":
                frame = AsIpv6(frame);
                return [.. frame[..12], 0x81, 0, 0, (byte)OuterVlan, .. frame[12..]];
            case "later fragment":
                return AsFragment(frame, 0x2000 | 100);
            default:
                return AsFragment(frame, 200);
        }
    }

    private static byte[] Plain(EmulatedHost from, EmulatedHost to, byte number)
    {
        byte[] frame = new byte[Frames.UdpOverhead + 40];
        Frames.WriteUdp(frame, from.Mac, to.Mac, from.Address, to.Address, 4000, Sip, Enumerable.Repeat(number, 40).ToArray());
        return frame;
    }

    private static byte[] Tagged(byte[] frame, ushort outerType, ushort outer, ushort inner)
    {
        byte[] tags = new byte[8];
        BinaryPrimitives.WriteUInt16BigEndian(tags, outerType);
        BinaryPrimitives.WriteUInt16BigEndian(tags.AsSpan(2), outer);
        BinaryPrimitives.WriteUInt16BigEndian(tags.AsSpan(4), EtherTypes.Vlan);
        BinaryPrimitives.WriteUInt16BigEndian(tags.AsSpan(6), inner);
        return [.. frame[..12], .. tags, .. frame[12..]];
    }

    private static byte[] AsIpv6(byte[] frame)
    {
        (frame[12], frame[13], frame[14]) = (0x86, 0xdd, 0x60);
        return frame;
    }

    // The offset is in units of eight bytes; the highest bit but two says that more follow.
    private static byte[] AsFragment(byte[] frame, ushort flagsAndOffset)
    {
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(20), flagsAndOffset);
        frame.AsSpan(24, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(24), InternetChecksum.Compute(frame.AsSpan(14, 20)));
        return frame;
    }

    /// <summary>A line of three switches with a host each, nodes at the first and the last one, and a filter for all hosts' packets to a port.</summary>
    private sealed class Network : IDisposable
    {
        private readonly Dictionary<EmulatedHost, List<byte[]>> _got = [];

        public Network(params (string Name, string Value)[] terms)
        {
            Bed = new Testbed(Plan.Of(3, [(0, 1), (1, 2)], 0, 2));
            for (int n = 0; n < Bed.Nodes.Count; n++)
                Bed.Add(n);
            Bed.Settle();
            Bed.Setup('A', $"udp 10.0.0.0/24 {Sip}", terms);
            Bed.Settle();
            foreach (EmulatedHost device in Hosts.Concat(Bed.Nodes.Select(n => n.Device)))
                Watch(device);
            AssertSteers();
            Assert.That(Bed.Faults, Is.Empty);
        }

        public Testbed Bed { get; }

        public EmulatedHost[] Hosts => Bed.Fabric.Hosts;

        public void Dispose() => Bed.Dispose();

        public IEnumerable<byte[]> At(EmulatedHost device) => _got[device];

        public void Forget()
        {
            foreach (List<byte[]> frames in _got.Values)
                frames.Clear();
        }

        public void AssertNoNodeSawAny()
        {
            foreach (TestNode node in Bed.Nodes)
                Assert.That(At(node.Device), Is.Empty, node.Name);
        }

        // All hosts talk, by what the filter matches and by what it does not.
        private void AssertSteers()
        {
            foreach (EmulatedHost from in Hosts)
            {
                foreach (EmulatedHost to in Hosts.Where(h => h != from))
                {
                    for (byte i = 0; i < 4; i++)
                        from.SendUdp(to.Address, (ushort)(Sip + i % 2), "x"u8, i);
                }
            }
            Bed.Pass(1);
            Assert.That(Bed.Nodes.Sum(n => n.Processed), Is.EqualTo(12));
        }

        private void Watch(EmulatedHost device)
        {
            List<byte[]> got = _got[device] = [];
            device.Port.Tap += frame =>
            {
                if (!frame.Outbound && !IsOurs(frame.Bytes))
                    got.Add(frame.Bytes);
            };
        }

        // Probes of links and of nodes.
        private static bool IsOurs(byte[] frame) => BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12)) is EtherTypes.Lldp or AttachmentFrame.EtherType;
    }
}

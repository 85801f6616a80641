using System.Buffers.Binary;
using NetServ.Emulation;
using NetServ.Packets;

namespace NetServ.Scenarios.Nodes;

/// <summary>What OpenFlow 1.0 cannot match, and what becomes of it.</summary>
public sealed class GapTests
{
    [Test]
    public void A_frame_with_two_tags_goes_to_its_destination_as_it_came_and_past_every_filter()
    {
        using World world = Set();
        byte[] frame = Frame(world, protocol: 17, fragment: 0);
        byte[] tagged = [.. frame[..12], 0x81, 0, 0, 7, 0x81, 0, 0, 9, .. frame[12..]];
        AssertPassed(world, tagged);
    }

    [Test]
    public void An_IPv6_frame_goes_to_its_destination_as_it_came()
    {
        using World world = Set();
        byte[] frame = Frame(world, protocol: 17, fragment: 0);
        (frame[12], frame[13]) = (0x86, 0xdd);
        AssertPassed(world, frame);
    }

    [Test]
    public void A_later_fragment_passes_a_filter_with_a_port_unless_that_says_otherwise()
    {
        using World world = Set();
        AssertPassed(world, Frame(world, protocol: 17, fragment: 100));
    }

    [Test]
    public void A_later_fragment_goes_to_a_node_if_the_filter_says_so()
    {
        using World world = Set(("fragments", "steer"));
        world.Alice.SendFrame(Frame(world, protocol: 17, fragment: 100));
        world.Pass(0.1);
        Assert.That(world.Nodes.Sum(n => n.Processed), Is.EqualTo(1));
        Assert.That(At(world.Bob), Is.EqualTo(1));
    }

    [Test]
    public void A_VLAN_of_the_steering_range_is_a_host_s_like_any_other_while_nothing_was_given_out()
    {
        using World world = Set();
        byte[] frame = Frame(world, protocol: 6, fragment: 0);
        AssertPassed(world, [.. frame[..12], 0x81, 0, 0x0c, 0, .. frame[12..]]);
    }

    [Test]
    public void A_tagged_flow_is_steered_in_its_VLAN_and_comes_out_with_its_tag_and_priority()
    {
        using World world = Set();
        byte[] frame = Frame(world, protocol: 17, fragment: 0);
        byte[] tagged = [.. frame[..12], 0x81, 0, 0xa0, 7, .. frame[12..]];
        world.Alice.SendFrame(tagged);
        world.Pass(0.1);
        RecordedFrame got = world.Bob.Port.Frames.Last(f => !f.Outbound);
        Assert.That(got.Bytes[..16], Is.EqualTo(tagged[..16]));
        Assert.That(world.Nodes.Sum(n => n.Processed), Is.EqualTo(1));
    }

    private static World Set(params (string Name, string Value)[] terms)
    {
        World world = new(nodes: 2);
        world.Introduce();
        Assert.That(world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060", terms).Refusal, Is.Null);
        world.Forget();
        foreach (EmulatedHost host in (EmulatedHost[])[world.Alice, world.Bob])
            host.Port.ClearFrames();
        return world;
    }

    private static void AssertPassed(World world, byte[] frame)
    {
        world.Alice.SendFrame(frame);
        world.Pass(0.1);
        Assert.That(world.Bob.Port.Frames.Where(f => !f.Outbound).Select(f => f.Bytes), Is.EqualTo(new[] { frame }));
        Assert.That(world.Nodes.Sum(n => n.Processed + n.Passed), Is.Zero);
    }

    private static int At(EmulatedHost host) => host.Port.Frames.Count(f => !f.Outbound);

    // A fragment's offset is in units of eight bytes.
    private static byte[] Frame(World world, byte protocol, ushort fragment)
    {
        byte[] frame = new byte[Frames.UdpOverhead + 40];
        Frames.WriteUdp(frame, world.Alice.Mac, world.Bob.Mac, world.Alice.Address, world.Bob.Address, 4000, 5060, new byte[40]);
        frame[23] = protocol;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(20), fragment);
        frame.AsSpan(24, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(24), InternetChecksum.Compute(frame.AsSpan(14, 20)));
        return frame;
    }
}

using System.Text;
using NetServ.Conformance.Tests.Support;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;

namespace NetServ.Conformance.Tests;

/// <summary>Sections 4.1, 5.3.1, 5.3.2, 5.3.7, 5.4.4 and 5.5: symmetric messages, configuration, barriers and what is refused.</summary>
internal sealed class HandshakeTests(string kind) : ConformanceTest(kind)
{
    [Test]
    public void HELLO_comes_first_with_the_highest_version()
    {
        IControllerEnd caller = Switch.Call();
        caller.Send(new Hello());
        byte[] first = caller.TakeSome()[0];
        Assert.That((first[0], first[1]), Is.EqualTo((1, (byte)MessageType.Hello)));
    }

    [Test]
    public void HELLO_of_a_higher_version_agrees_on_the_lower()
    {
        IControllerEnd caller = Switch.Call();
        caller.Send([4, 0, 0, 8, 0, 0, 0, 1]);
        caller.Send(new BarrierRequest(9));
        Assert.That(caller.TakeSome().Select(m => (MessageType)m[1]), Does.Contain(MessageType.BarrierReply));
    }

    [Test]
    public void HELLO_without_a_version_in_common_is_HELLO_FAILED_INCOMPATIBLE_with_a_text()
    {
        IControllerEnd caller = Switch.Call();
        caller.Send([4, 0, 0, 16, 0, 0, 0, 5, 0, 1, 0, 8, 0, 0, 0, 0x10]);
        byte[] last = caller.TakeSome()[^1];
        ErrorMessage.TryRead([1, .. last[1..]], out ErrorMessage error, out _);
        Assert.That(error.Error, Is.EqualTo(ErrorCode.HelloFailedIncompatible));
        Assert.That(Encoding.ASCII.GetString(error.Data), Is.Not.Empty);
    }

    [Test]
    public void ECHO_REPLY_carries_the_data_of_the_request()
    {
        Controller.Send(new EchoRequest { Xid = 3, Data = "abc"u8 });
        EchoReply.TryRead(Controller.TakeOne(MessageKind.EchoReply), out EchoReply reply, out _);
        Assert.That((reply.Xid, Encoding.ASCII.GetString(reply.Data)), Is.EqualTo((3u, "abc")));
    }

    [Test]
    public void FEATURES_REPLY_tells_datapath_capabilities_actions_and_ports()
    {
        Controller.Send(new FeaturesRequest(9));
        FeaturesReply.TryRead(Controller.TakeOne(MessageKind.FeaturesReply), out FeaturesReply reply, out _);
        Assert.That((reply.Xid, reply.DatapathId, reply.BufferCount), Is.EqualTo((9u, TestPorts.DatapathId, 0u)));
        Assert.That(reply.TableCount, Is.EqualTo(Differs(1, 254)));
        Assert.That(reply.Capabilities, Is.EqualTo(Capabilities.FlowStats | Capabilities.TableStats | Capabilities.PortStats | Capabilities.QueueStats | Capabilities.ArpMatchIp));
        Assert.That(reply.Actions, Is.EqualTo(0xfff));
        List<ushort> ports = [];
        foreach (PhyPort port in reply.Ports)
            ports.Add(port.PortNumber);
        Assert.That(ports, Is.EquivalentTo(new ushort[] { 1, 2, 3, 4, PortNo.Local }));
    }

    [Test]
    public void GET_CONFIG_tells_what_SET_CONFIG_has_set()
    {
        Assert.That(Config(), Is.EqualTo((ConfigFlags.FragmentsNormal, 128)));
        Controller.Send(new SetConfig { Flags = ConfigFlags.FragmentsDrop, MissSendLength = 0xffff });
        Assert.That(Config(), Is.EqualTo((ConfigFlags.FragmentsDrop, 0xffff)));
    }

    [Test]
    public void Reassembly_that_is_not_offered_is_not_set()
    {
        Controller.Send(new SetConfig { Flags = ConfigFlags.FragmentsReassemble, MissSendLength = 128 });
        Assert.That(Config(), Is.EqualTo((ConfigFlags.FragmentsNormal, 128)));
    }

    [TestCase((byte)0x20, (byte)0, Description = "the first")]
    [TestCase((byte)0x00, (byte)9, Description = "a later one")]
    public void Fragments_are_dropped_if_the_controller_says_so(byte high, byte low)
    {
        byte[] fragment = TestFrames.Udp();
        (fragment[20], fragment[21]) = (high, low);
        TestFrames.FixChecksums(fragment);
        AddOutput(Match.Any, 2);
        Assert.That(In(1, fragment), Is.EqualTo(new ushort[] { 2 }));
        Controller.Send(new SetConfig { Flags = ConfigFlags.FragmentsDrop, MissSendLength = 128 });
        Assert.That(In(1, fragment), Is.Empty);
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(new ushort[] { 2 }));
    }

    [Test]
    public void BARRIER_REPLY_comes_after_all_that_came_before()
    {
        FlowMod(Match.Any, (ref w) => w.Output(PortNo.None));
        FlowMod(Match.Any, (ref w) => w.Output(2));
        Controller.Send(new FlowStatsRequest { Match = Match.Any, TableId = 0xff, OutPort = PortNo.None });
        Controller.Send(new BarrierRequest(77));
        Controller.Send(new EchoRequest { Xid = 5 });
        List<byte[]> messages = Controller.Take();
        Assert.That(messages.Select(ControllerEndExtensions.KindOf), Is.EqualTo(
            [MessageKind.Error, MessageKind.FlowStatsReply, MessageKind.BarrierReply, MessageKind.EchoReply]));
        BarrierReply.TryRead(messages[2], out BarrierReply reply, out _);
        Assert.That(reply.Xid, Is.EqualTo(77));
    }

    [TestCase("01ff000800000001", ErrorCode.BadRequestBadType)]
    [TestCase("0114000800000001", ErrorCode.BadRequestBadLen, Description = "QUEUE_GET_CONFIG_REQUEST without its port")]
    [TestCase("0105000900000001ff", ErrorCode.BadRequestBadLen, Description = "FEATURES_REQUEST of nine bytes")]
    [TestCase("0110000c0000000100090000", ErrorCode.BadRequestBadStat)]
    [TestCase("01040010000000010000471100000000", ErrorCode.BadRequestBadVendor)]
    [TestCase("01040010000000010000232000000063", ErrorCode.BadRequestBadSubtype)]
    [TestCase("0110001000000001ffff000000004711", ErrorCode.BadRequestBadVendor, Description = "vendor statistics")]
    [TestCase("0404000800000001", ErrorCode.BadRequestBadVersion)]
    public void A_request_that_cannot_be_served_is_answered_by_its_error_and_its_beginning(string hex, ErrorCode expected)
    {
        byte[] message = Convert.FromHexString(hex);
        Controller.Send(message);
        ErrorMessage.TryRead(Controller.TakeOne(MessageKind.Error), out ErrorMessage error, out _);
        Assert.That((error.Error, error.Xid), Is.EqualTo((expected, 1u)));
        Assert.That(error.Data.ToArray(), Is.EqualTo(message));
    }

    [Test]
    public void An_error_carries_at_least_64_bytes_of_a_long_request()
    {
        byte[] message = new byte[200];
        new Header(1, (MessageType)99, 200, 5).WriteTo(message);
        Controller.Send(message);
        ErrorMessage.TryRead(Controller.TakeOne(MessageKind.Error), out ErrorMessage error, out _);
        Assert.That(error.Data.Length, Is.GreaterThanOrEqualTo(64));
        Assert.That(error.Data.ToArray(), Is.EqualTo(message[..error.Data.Length]));
    }

    private (ConfigFlags Flags, int MissSendLength) Config()
    {
        Controller.Send(new GetConfigRequest(1));
        GetConfigReply.TryRead(Controller.TakeOne(MessageKind.GetConfigReply), out GetConfigReply reply, out _);
        return (reply.Flags, reply.MissSendLength);
    }
}

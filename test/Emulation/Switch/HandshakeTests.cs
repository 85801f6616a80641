using System.Text;
using NetServ.Emulation.Switch;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Tests.Switch;

public sealed class HandshakeTests
{
    private readonly SwitchBench _bench = new();

    [Test]
    public void The_switch_says_hello_first()
    {
        SwitchConnection connection = _bench.Switch.Connect(_bench.Now);
        byte[] hello = _bench.TakeOne(MessageKind.Hello, connection);
        Assert.That(hello[0], Is.EqualTo(1));
        Assert.That(connection.IsUp, Is.False);
    }

    [TestCase(new byte[] { 1, 0, 0, 8, 0, 0, 0, 5 })]
    [TestCase(new byte[] { 4, 0, 0, 8, 0, 0, 0, 5 }, Description = "the smaller version counts")]
    [TestCase(new byte[] { 6, 0, 0, 16, 0, 0, 0, 5, 0, 1, 0, 8, 0, 0, 0, 0x12 }, Description = "the bitmap has version 1")]
    public void A_hello_of_a_peer_that_speaks_version_1_is_accepted(byte[] hello)
    {
        SwitchConnection connection = _bench.Switch.Connect(_bench.Now);
        connection.OnBytes(hello, _bench.Now);
        Assert.That(connection.IsUp, Is.True);
        _bench.TakeOne(MessageKind.Hello, connection);
    }

    [Test]
    public void A_hello_without_version_1_is_refused_with_a_text_that_says_what_to_do()
    {
        SwitchConnection connection = _bench.Switch.Connect(_bench.Now);
        _bench.Take(connection);
        connection.OnBytes([4, 0, 0, 16, 0, 0, 0, 5, 0, 1, 0, 8, 0, 0, 0, 0x10], _bench.Now);
        byte[] message = _bench.TakeOne(MessageKind.Error, connection);
        ErrorMessage.TryRead(message, out ErrorMessage error, out _);
        Assert.That(error.Error, Is.EqualTo(ErrorCode.HelloFailedIncompatible));
        Assert.That(Encoding.ASCII.GetString(error.Data), Does.Contain("OpenFlow 1.0"));
        Assert.That(connection.IsClosed, Is.True);
        Assert.That(connection.CloseReason, Does.Contain("0x04"));
    }

    [Test]
    public void FEATURES_REPLY_tells_datapath_buffers_ports_and_all_actions()
    {
        SwitchBench bench = new(ports: 3, buffers: new BufferProfile(256));
        bench.Send(new FeaturesRequest(9));
        byte[] message = bench.TakeOne(MessageKind.FeaturesReply);
        FeaturesReply.TryRead(message, out FeaturesReply reply, out _);
        Assert.That(reply.Xid, Is.EqualTo(9));
        Assert.That(reply.DatapathId, Is.EqualTo(0x1234));
        Assert.That(reply.BufferCount, Is.EqualTo(256));
        Assert.That(reply.Actions, Is.EqualTo(0xfff));
        Assert.That(reply.Ports.Count, Is.EqualTo(3));
        Assert.That(reply.Ports[2].PortNumber, Is.EqualTo(3));
        Assert.That(reply.Ports[2].Name.ToString(), Is.EqualTo("s4660-eth3"));
    }

    [Test]
    public void Configuration_starts_with_128_bytes_and_is_read_back_as_set()
    {
        _bench.Send(new GetConfigRequest(1));
        GetConfigReply.TryRead(_bench.TakeOne(MessageKind.GetConfigReply), out GetConfigReply before, out _);
        _bench.Send(new SetConfig { Flags = ConfigFlags.FragmentsDrop, MissSendLength = 0xffff });
        _bench.Send(new GetConfigRequest(2));
        GetConfigReply.TryRead(_bench.TakeOne(MessageKind.GetConfigReply), out GetConfigReply after, out _);
        Assert.That((before.MissSendLength, before.Flags), Is.EqualTo((128, ConfigFlags.FragmentsNormal)));
        Assert.That((after.MissSendLength, after.Flags), Is.EqualTo((0xffff, ConfigFlags.FragmentsDrop)));
    }

    [Test]
    public void An_echo_comes_back_with_its_data()
    {
        _bench.Send(new EchoRequest { Xid = 3, Data = "abc"u8 });
        EchoReply.TryRead(_bench.TakeOne(MessageKind.EchoReply), out EchoReply reply, out _);
        Assert.That((reply.Xid, Encoding.ASCII.GetString(reply.Data)), Is.EqualTo((3u, "abc")));
    }

    [Test]
    public void A_barrier_is_answered_after_what_came_before_it()
    {
        _bench.FlowMod(Match.Any, (ref w) => w.Output(PortNo.None));
        _bench.Send(new BarrierRequest(77));
        Assert.That(_bench.Take().Select(SwitchBench.KindOf), Is.EqualTo([MessageKind.Error, MessageKind.BarrierReply]));
    }

    [Test]
    public void Bytes_may_come_one_at_a_time()
    {
        byte[] bytes = new byte[16];
        new EchoRequest { Xid = 1 }.Write(bytes);
        new BarrierRequest(2).Write(bytes.AsSpan(8));
        foreach (byte b in bytes)
            _bench.Controller.OnBytes([b], _bench.Now);
        Assert.That(_bench.Take().Select(SwitchBench.KindOf), Is.EqualTo([MessageKind.EchoReply, MessageKind.BarrierReply]));
    }

    [Test]
    public void A_silent_controller_is_asked_and_then_given_up()
    {
        SwitchBench bench = new(SwitchOptions.WithPorts(1, 1) with { Keepalive = TimeSpan.FromSeconds(5) });
        Assert.That(bench.Switch.NextDeadline, Is.EqualTo(bench.Now + TimeSpan.FromSeconds(5)));
        bench.Switch.Tick(bench.Now += TimeSpan.FromSeconds(5));
        bench.TakeOne(MessageKind.EchoRequest);
        bench.Send(new EchoReply());
        bench.Switch.Tick(bench.Now += TimeSpan.FromSeconds(5));
        bench.TakeOne(MessageKind.EchoRequest);
        bench.Switch.Tick(bench.Now += TimeSpan.FromSeconds(5));
        Assert.That(bench.Controller.IsClosed, Is.True);
        Assert.That(bench.Controller.CloseReason, Does.Contain("silent"));
    }

    [Test]
    public void A_new_primary_controller_makes_the_old_one_secondary()
    {
        SwitchConnection other = _bench.Connect();
        _bench.Send(new NiciraRoleRequest { Xid = 1, Role = NiciraRole.Primary });
        _bench.Send(other, new NiciraRoleRequest { Xid = 2, Role = NiciraRole.Primary });
        NiciraRoleReply.TryRead(_bench.TakeOne(MessageKind.NiciraRoleReply, other), out NiciraRoleReply reply, out _);
        Assert.That(reply.Role, Is.EqualTo(NiciraRole.Primary));
        Assert.That(_bench.Controller.Role, Is.EqualTo(NiciraRole.Secondary));
        _bench.TakeOne(MessageKind.NiciraRoleReply);
        _bench.FlowMod(Match.Any);
        Assert.That(_bench.TakeError(), Is.EqualTo(ErrorCode.BadRequestEPerm));
        _bench.In(1, TestFrames.Udp());
        Assert.That(_bench.Take(), Is.Empty, "a secondary controller gets no PACKET_IN");
        _bench.TakeOne(MessageKind.PacketIn, other);
    }
}

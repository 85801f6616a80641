using NetServ.Interop.Tests.Support;

namespace NetServ.Interop.Tests;

/// <summary>ovs-ofctl against the program, command by command.</summary>
public sealed class OfctlTests
{
    private RunningSwitch _switch = null!;

    [OneTimeSetUp]
    public async Task StartSwitch() => _switch = await RunningSwitch.Start(ports: 4);

    [OneTimeTearDown]
    public void StopSwitch() => _switch?.Dispose();

    [SetUp]
    public void EmptyTable() => _switch.Ofctl("del-flows");

    [Test]
    public void Show_tells_datapath_ports_and_actions()
    {
        string output = _switch.Ofctl("show");
        Assert.That(output, Does.Contain("dpid:0000000000000001").And.Contain("n_tables:1").And.Contain("mod_nw_tos"));
        for (int port = 1; port <= 4; port++)
            Assert.That(output, Does.Contain($" {port}(s1-eth{port})"));
    }

    [Test]
    public void Add_flow_mod_flows_and_del_flows_change_what_dump_flows_shows_and_where_frames_go()
    {
        _switch.Ofctl("add-flow", "priority=7,udp,tp_dst=5060,idle_timeout=60,cookie=0x2a,actions=mod_vlan_vid:9,strip_vlan,output:2");
        _switch.Ofctl("add-flow", "priority=1,actions=drop");
        Assert.That(_switch.Ofctl("dump-flows"), Does.Contain("cookie=0x2a").And.Contain("idle_timeout=60").And.Contain("priority=7,udp,tp_dst=5060 actions=mod_vlan_vid:9,strip_vlan,output:2").And.Contain("priority=1 actions=drop"));
        Assert.That(Through(out byte[] sent, port: 2), Is.EqualTo(sent));
        Assert.That(_switch.Ofctl("dump-flows", "udp"), Does.Contain("n_packets=1"));
        Assert.That(_switch.Ofctl("dump-aggregate"), Does.Contain("packet_count=1 byte_count=62 flow_count=2"));

        _switch.Ofctl("mod-flows", "udp,actions=output:3");
        Assert.That(Through(out sent, port: 3), Is.EqualTo(sent));

        _switch.Ofctl("del-flows", "udp");
        Assert.That(_switch.Ofctl("dump-flows"), Does.Not.Contain("udp").And.Contain("actions=drop"));
        _switch.Ofctl("del-flows", "--strict", "priority=1");
        Assert.That(_switch.Ofctl("dump-aggregate"), Does.Contain("flow_count=0"));
    }

    [Test]
    public void Mod_port_closes_a_port_and_takes_it_out_of_floods()
    {
        _switch.Ofctl("add-flow", "actions=flood");
        _switch.Ofctl("mod-port", "2", "no-flood");
        _switch.Ofctl("mod-port", "3", "down");
        Assert.That(_switch.Ofctl("show"), Does.Contain("NO_FLOOD").And.Contain("PORT_DOWN"));
        int[] before = _switch.Sent();
        Assert.That(Through(out byte[] sent, port: 4), Is.EqualTo(sent));
        Assert.That(_switch.Sent().Zip(before, (a, b) => a - b), Is.EqualTo((int[])[0, 0, 0, 1]));
        _switch.Ofctl("mod-port", "2", "flood");
        _switch.Ofctl("mod-port", "3", "up");
        Assert.That(_switch.Ofctl("show"), Does.Not.Contain("NO_FLOOD").And.Not.Contain("PORT_DOWN"));
    }

    [Test]
    public void Statistics_of_ports_tables_queues_and_the_switch_are_told()
    {
        Assert.That(_switch.Ofctl("dump-ports"), Does.Contain("4 ports"));
        Assert.That(_switch.Ofctl("dump-ports", "2"), Does.Contain("port  2: rx pkts="));
        Assert.That(_switch.Ofctl("dump-tables"), Does.Contain("active=0"));
        Assert.That(_switch.Ofctl("dump-desc"), Does.Contain("Manufacturer: NetServ.OpenFlow"));
        Assert.That(_switch.Ofctl("queue-stats"), Does.Contain("OFPST_QUEUE reply"));
        Assert.That(_switch.Ofctl("queue-get-config", "1"), Does.Contain("OFPT_QUEUE_GET_CONFIG_REPLY"));
    }

    [Test]
    public void Fragments_are_set_and_read()
    {
        _switch.Ofctl("set-frags", "drop");
        Assert.That(_switch.Ofctl("get-frags"), Is.EqualTo("drop"));
        _switch.Ofctl("set-frags", "normal");
        Assert.That(_switch.Ofctl("get-frags"), Is.EqualTo("normal"));
    }

    [Test]
    public void Probe_and_ping_are_answered()
    {
        _switch.Ofctl("probe");
        Assert.That(_switch.Ofctl("ping", "64").Split('\n'), Has.Length.EqualTo(10).And.All.StartsWith("64 bytes from"));
    }

    [Test]
    public void Packet_out_sends_a_frame_by_actions()
    {
        byte[] frame = RunningSwitch.Frame(1, 2);
        _switch.Ofctl("packet-out", $"in_port=controller,packet={Convert.ToHexString(frame)},actions=output:2,output:3");
        Assert.That(_switch.Receive(2), Is.EqualTo(frame));
        Assert.That(_switch.Receive(3), Is.EqualTo(frame));
    }

    [Test]
    public async Task Monitor_prints_PACKET_INs_and_snoop_that_asked_for_none_does_not()
    {
        using ListeningOfctl monitor = _switch.Listen("monitor", "65534");
        using ListeningOfctl snoop = _switch.Listen("snoop");
        _switch.Hosts[0].Send(RunningSwitch.Frame(1, 2, tag: 7777));
        Assert.That(await monitor.Says("OFPT_PACKET_IN"), Does.Contain("in_port=1 (via no_match)").And.Contain("data_len=62"));
        Assert.That(await monitor.Says("tp_dst=7777"), Does.Contain("nw_src=10.0.0.1,nw_dst=10.0.0.2"));
        snoop.Barrier();
        Assert.That(snoop.Output, Does.Contain("OFPT_BARRIER_REPLY").And.Not.Contain("OFPT_PACKET_IN"));
    }

    [Test]
    public async Task Monitor_prints_a_FLOW_REMOVED()
    {
        using ListeningOfctl monitor = _switch.Listen("monitor", "65534");
        _switch.Ofctl("add-flow", "tcp,send_flow_rem,actions=drop");
        _switch.Ofctl("del-flows", "tcp");
        Assert.That(await monitor.Says("OFPT_FLOW_REMOVED"), Does.Contain("tcp reason=delete"));
    }

    // A frame of host 1, and what comes out of a port.
    private byte[] Through(out byte[] sent, int port)
    {
        sent = RunningSwitch.Frame(1, 2);
        _switch.Hosts[0].Send(sent);
        return _switch.Receive(port);
    }
}

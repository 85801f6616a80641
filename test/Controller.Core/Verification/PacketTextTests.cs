using System.Collections.Immutable;
using NetServ.Controller.Core.Topology;
using NetServ.Controller.Core.Verification;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Verification;

public sealed class PacketTextTests
{
    private static readonly ImmutableArray<PictureHost> s_hosts =
    [
        new(new MacAddress(0x0200_0000_0011), FlowKey.NoVlan, Ipv4Address.Parse("10.0.0.11"), new PortId(1, 3)),
        new(new MacAddress(0x0200_0000_0001), FlowKey.NoVlan, Ipv4Address.Parse("10.0.0.1"), new PortId(2, 1)),
        new(new MacAddress(0x0200_0000_0002), 5, Ipv4Address.Parse("10.0.0.1"), new PortId(2, 2)),
    ];

    [Test]
    public void Every_field_is_read()
    {
        FlowKey key = Read("udp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_src=1,tp_dst=5060,dl_vlan=5,dl_vlan_pcp=3,nw_tos=0xb8,dl_src=02:00:00:00:00:01,dl_dst=02-00-00-00-00-02").Packet;
        Assert.That(key, Is.EqualTo(new FlowKey
        {
            DlType = EtherTypes.Ipv4,
            NwProto = 17,
            NwSrc = Ipv4Address.Parse("10.0.0.1"),
            NwDst = Ipv4Address.Parse("10.0.0.2"),
            TpSrc = 1,
            TpDst = 5060,
            DlVlan = 5,
            DlVlanPcp = 3,
            NwTos = 0xb8,
            DlSrc = new MacAddress(0x0200_0000_0001),
            DlDst = new MacAddress(0x0200_0000_0002),
        }));
        Assert.That(Read("icmp,icmp_type=8,icmp_code=0").Packet, Has.Property("TpSrc").EqualTo(8).And.Property("NwProto").EqualTo(1));
        Assert.That(Read("arp,arp_op=1,arp_spa=10.0.0.1,arp_tpa=10.0.0.2").Packet, Has.Property("NwProto").EqualTo(1).And.Property("DlType").EqualTo(0x806));
        Assert.That(Read("dl_type=0x0800, nw_proto=6, tp_dst=80").Packet, Has.Property("TpDst").EqualTo(80));
        Assert.That(Read("dl_type=0x88b5,dl_vlan=0xffff").Packet, Has.Property("DlVlan").EqualTo(FlowKey.NoVlan));
    }

    [TestCase("udp,nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_tos=184,tp_src=1,tp_dst=5060")]
    [TestCase("arp,dl_vlan=5,dl_vlan_pcp=3,arp_spa=10.0.0.1,arp_tpa=10.0.0.2,arp_op=2")]
    [TestCase("icmp,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,icmp_type=8,icmp_code=0")]
    [TestCase("dl_type=0x86dd,dl_dst=02:00:00:00:00:02")]
    public void What_is_written_is_read_again(string text)
    {
        FlowKey key = Read(text).Packet;
        Assert.That(Read(PacketText.Write(key)).Packet, Is.EqualTo(key));
    }

    [Test]
    public void Ethernet_addresses_are_those_of_the_hosts()
    {
        DescribedPacket packet = Read("udp,nw_src=10.0.0.11,nw_dst=10.0.0.1");
        Assert.That(packet.Packet.DlSrc.Value, Is.EqualTo(0x0200_0000_0011));
        Assert.That(packet.Packet.DlDst.Value, Is.EqualTo(0x0200_0000_0001));
        Assert.That(packet.Sender, Is.EqualTo(new PortId(1, 3)));
        Assert.That(packet.Remarks, Is.EqualTo((string[])["dl_src=02:00:00:00:00:11, the host with 10.0.0.11", "dl_dst=02:00:00:00:00:01, the host with 10.0.0.1"]));
        DescribedPacket tagged = Read("udp,dl_vlan=5,nw_src=10.0.0.11,nw_dst=10.0.0.1");
        Assert.That(tagged.Packet.DlDst.Value, Is.EqualTo(0x0200_0000_0002));
        Assert.That(tagged.Packet.DlSrc.Value, Is.Zero);
        Assert.That(tagged.Sender, Is.Null);
        Assert.That(tagged.Remarks[0], Does.Contain("no host with 10.0.0.11").And.Contain("dl_src=..."));
        Assert.That(Read("arp,dl_src=02:00:00:00:00:11").Sender, Is.EqualTo(new PortId(1, 3)), "by its address");
    }

    [TestCase("udb,tp_dst=5060", "'udb' is no protocol; write one of ip, icmp, tcp, udp")]
    [TestCase("udp,tp_dst=99999", "tp_dst: '99999' is no number of 0 to 65535")]
    [TestCase("udp,tp_dts=9", "'tp_dts' is no field; there are dl_src")]
    [TestCase("tp_dst=9", "tp_dst: only TCP, UDP, SCTP and ICMP have it; write tcp")]
    [TestCase("arp,tp_dst=9", "tp_dst: only TCP")]
    [TestCase("nw_src=10.0.0.1", "nw_src: only IPv4 and ARP have it; write ip")]
    [TestCase("arp,nw_tos=4", "nw_tos: only IPv4 has it")]
    [TestCase("udp,nw_src=10.0.0.0/8", "nw_src: '10.0.0.0/8' is no IPv4 address; write one address")]
    [TestCase("udp,dl_src=2", "dl_src: '2' is no MAC address; write six hex bytes")]
    [TestCase("udp,dl_vlan=4096", "dl_vlan: '4096' is no number of 0 to 4095")]
    [TestCase("udp,dl_vlan_pcp=1", "dl_vlan_pcp: an untagged packet has none; name dl_vlan too")]
    [TestCase("udp,tcp", "tcp: the packet is udp already")]
    [TestCase("udp,nw_proto=6", "nw_proto: named before; name it once, udp does")]
    [TestCase("udp,tp_dst=1,tp_dst=2", "tp_dst: named before")]
    [TestCase("dl_type=0x800,udp", "udp: dl_type and nw_proto say the same")]
    [TestCase("in_port=1,udp", "in_port: where a packet enters is said apart, for a trace with --in-port SWITCH:PORT")]
    [TestCase("udp6", "udp6: OpenFlow 1.0 sees no IPv6 addresses")]
    [TestCase("", "'' is no protocol")]
    public void A_fault_names_its_field_and_the_fix(string text, string error)
    {
        Assert.That(PacketText.TryParse(text, s_hosts, out DescribedPacket? packet, out string? found), Is.False);
        Assert.That(packet, Is.Null);
        Assert.That(found, Does.StartWith(error));
    }

    [TestCase("foo=1,nw_dst=3", "'foo' is no field", "nw_dst: '3' is no IPv4 address", "nw_dst: only IPv4 and ARP have it")]
    [TestCase("nw_src=10.0.0.1,nw_tos=4,tp_dst=9", "nw_src: only IPv4 and ARP have it", "nw_tos: only IPv4 has it", "tp_dst: only TCP")]
    [TestCase("udb,nw_src=10.0.0.1,tp_dst=x", "'udb' is no protocol", "tp_dst: 'x' is no number")]
    [TestCase("dl_type=x,nw_src=10.0.0.1", "dl_type: 'x' is no number")]
    [TestCase("udp,dl_vlan=4096,dl_vlan_pcp=1", "dl_vlan: '4096' is no number")]
    [TestCase("udp,dl_vlan=0xffff,dl_vlan_pcp=1", "dl_vlan_pcp: an untagged packet has none")]
    public void All_faults_are_told_a_line_each_and_none_that_only_follows_from_another(string text, params string[] faults)
    {
        Assert.That(PacketText.TryParse(text, s_hosts, out _, out string? error), Is.False);
        string[] told = error!.Split('\n');
        Assert.That(told, Has.Length.EqualTo(faults.Length), error);
        Assert.That(told.Zip(faults), Is.All.Matches<(string Line, string Fault)>(t => t.Line.StartsWith(t.Fault, StringComparison.Ordinal)), error);
    }

    [Test]
    public void Who_names_no_field_is_told_all_that_there_are_and_each_can_be_read()
    {
        PacketText.TryParse("foo=1", s_hosts, out _, out string? error);
        string[] fields = error!.Split("there are ")[1].Split(", ");
        Assert.That(fields, Has.Length.EqualTo(16).And.Contain("icmp_type").And.Contain("icmp_code"));
        foreach (string field in fields)
        {
            PacketText.TryParse($"{field}=?", s_hosts, out _, out string? fault);
            Assert.That(fault, Does.StartWith($"{field}: '?' is no "));
        }
    }

    private static DescribedPacket Read(string text)
    {
        Assert.That(PacketText.TryParse(text, s_hosts, out DescribedPacket? packet, out string? error), Is.True, error);
        return packet!;
    }

    [TestCase("udp", true)]
    [TestCase("udp,nw_src=10.0.0.11,nw_dst=10.0.0.1,tp_src=9,tp_dst=5060,dl_vlan=0xffff", true)]
    [TestCase("ip,nw_dst=10.0.0.1", true)]
    [TestCase("tcp", false)]
    [TestCase("udp,nw_src=10.0.0.12", false)]
    [TestCase("udp,nw_dst=10.0.0.2", false)]
    [TestCase("udp,tp_src=10", false)]
    [TestCase("udp,tp_dst=5061", false)]
    [TestCase("udp,dl_vlan=5", false)]
    public void Flows_are_those_that_have_what_is_named(string text, bool isMeant)
    {
        Assert.That(PacketText.TryParseFlows(text, out Predicate<FiveTuple>? meant, out string? error), Is.True, error);
        Assert.That(meant!(new FiveTuple(IpProtocols.Udp, Ipv4Address.Parse("10.0.0.11"), Ipv4Address.Parse("10.0.0.1"), 9, 5060)), Is.EqualTo(isMeant));
    }

    [TestCase("arp", "only IPv4 flows are steered")]
    [TestCase("", "is no protocol")]
    [TestCase("udp,dl_src=02:00:00:00:00:01", "dl_src: flows are told apart by dl_vlan, nw_proto, nw_src, nw_dst, tp_src, tp_dst")]
    [TestCase("udp,nw_src=x", "nw_src: 'x' is no IPv4 address")]
    public void What_describes_no_flows_is_named(string text, string fault)
    {
        Assert.That(PacketText.TryParseFlows(text, out Predicate<FiveTuple>? meant, out string? error), Is.False);
        Assert.That((meant, error), Is.EqualTo(((Predicate<FiveTuple>?)null, error)));
        Assert.That(error, Does.Contain(fault));
    }
}

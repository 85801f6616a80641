using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Verification;

namespace NetServ.Controller.Core.Tests.Verification;

/// <summary>Small networks in which all is as it should be; tests break them. The filters are about UDP port 5060 of 10.0.0.1.</summary>
internal static class Networks
{
    public const string Asked = "udp,nw_dst=10.0.0.1,tp_dst=5060";
    public const string Flow = "in_port=1,dl_vlan=none,dl_src=11,dl_dst=1,udp,nw_src=10.0.0.11,nw_dst=10.0.0.1,tp_src=40000,tp_dst=5060";
    public const uint Owner = 42;

    /// <summary>A phone at s1:1, the server at s1:2, a node at s1:5 that runs module 42.</summary>
    public static PictureMaker Single() => new PictureMaker()
        .Host("s1:1", 11, "10.0.0.11").Host("s1:2", 1, "10.0.0.1").Node("s1:5", "node1", Owner).Filter(Owner, Asked)
        .Rule(1, RuleKind.Probe, 55000, "dl_type=0x88cc", "CONTROLLER:65535")
        .Rule(1, RuleKind.Return, 50000, "in_port=5,dl_vlan=none,dl_dst=1", "output:2")
        .Rule(1, RuleKind.Steering, 40000, Flow, "output:5", Owner)
        .Rule(1, RuleKind.Catch, 30000, Asked, "CONTROLLER:65535", Owner)
        .Rule(1, RuleKind.Forwarding, 20000, "in_port=1,dl_vlan=none,dl_src=11,dl_dst=1", "output:2")
        .Rule(1, RuleKind.Forwarding, 20000, "in_port=2,dl_vlan=none,dl_src=1,dl_dst=11", "output:1");

    /// <summary>A phone at s1:1, the server at s3:1, a node at s2:5 between them; s1:9 - s2:8, s2:9 - s3:8.</summary>
    public static PictureMaker Line() => new PictureMaker()
        .Host("s1:1", 11, "10.0.0.11").Link("s1:9", "s2:8").Node("s2:5", "node1", Owner).Link("s2:9", "s3:8").Host("s3:1", 1, "10.0.0.1")
        .Filter(Owner, Asked).Tag(3001, TagStage.To, node: 1).Tag(3002, TagStage.Done)
        .Rule(1, RuleKind.Steering, 40000, Flow, "mod_vlan_vid:3001,output:9", Owner)
        .Rule(1, RuleKind.Catch, 30000, Asked, "CONTROLLER:65535", Owner)
        .Rule(1, RuleKind.Forwarding, 20000, "in_port=1,dl_vlan=none,dl_src=11,dl_dst=1", "output:9")
        .Rule(2, RuleKind.Return, 50000, "in_port=5,dl_vlan=none,dl_dst=1", "mod_vlan_vid:3002,output:9")
        .Rule(2, RuleKind.Forwarding, 45000, "in_port=8,dl_vlan=3001", "strip_vlan,output:5")
        .Rule(2, RuleKind.Forwarding, 45000, "in_port=8,dl_vlan=3002,dl_dst=1", "output:9")
        .Rule(2, RuleKind.Forwarding, 20000, "in_port=8,dl_vlan=none,dl_src=11,dl_dst=1", "output:9")
        .Rule(3, RuleKind.Forwarding, 45000, "in_port=8,dl_vlan=3002,dl_dst=1", "strip_vlan,output:1")
        .Rule(3, RuleKind.Forwarding, 20000, "in_port=8,dl_vlan=none,dl_src=11,dl_dst=1", "output:1");

    /// <summary>The phone at s1:1, the server at s1:2; module 1 on node1 at s1:5, then module 2 on node2 at s1:6.</summary>
    public static PictureMaker Chain(ushort orderOfFirst = 10, ushort orderOfSecond = 20) => new PictureMaker()
        .Host("s1:1", 11, "10.0.0.11").Host("s1:2", 1, "10.0.0.1").Node("s1:5", "node1", 1).Node("s1:6", "node2", 2)
        .Filter(1, Asked, orderOfFirst).Filter(2, "udp,nw_dst=10.0.0.0/24", orderOfSecond)
        .Rule(1, RuleKind.Return, 52000, Flow.Replace("in_port=1", "in_port=5"), "output:6", 2)
        .Rule(1, RuleKind.Return, 51000, "in_port=5,udp,nw_dst=10.0.0.0/24", "CONTROLLER:65535", 2)
        .Rule(1, RuleKind.Return, 50000, "in_port=5,dl_vlan=none,dl_dst=1", "output:2")
        .Rule(1, RuleKind.Return, 50000, "in_port=6,dl_vlan=none,dl_dst=1", "output:2")
        .Rule(1, RuleKind.Steering, 40000, Flow, "output:5", 1)
        .Rule(1, RuleKind.Catch, 30000, Asked, "CONTROLLER:65535", 1)
        .Rule(1, RuleKind.Catch, 30000, "udp,nw_dst=10.0.0.0/24", "CONTROLLER:65535", 2)
        .Rule(1, RuleKind.Forwarding, 20000, "in_port=1,dl_vlan=none,dl_src=11,dl_dst=1", "output:2");
}

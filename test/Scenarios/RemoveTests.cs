using NetServ.Controller.Core;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Signaling;

namespace NetServ.Scenarios;

/// <summary>Ends of modules: by request, by time, by the next version.</summary>
public class RemoveTests
{
    [Test]
    public void REMOVE_of_running_flows_loses_and_doubles_nothing_wherever_a_packet_is_at_that_time([Range(0, 12)] int step)
    {
        using World world = new();
        world.Introduce();
        world.Setup();
        foreach (TestNode node in world.Nodes)
            node.Detour = TimeSpan.FromMilliseconds(30);
        FigureSixteenTests.Talk(world, 1);
        world.Pass(0.2);
        world.Bob.ClearReceived();
        const int Packets = 60;
        long ticket = 0;
        for (int i = 0; i < Packets; i++)
        {
            if (i == 20 + step)
                ticket = world.Controller.Send(RequestCommand.Remove, "m.Mark-A_1.0", "");
            world.Alice.SendUdp(world.Bob.Address, 5060, [.. System.Text.Encoding.UTF8.GetBytes($"p{i}")]);
            world.Pass(0.0003 * (step + 1));
        }
        world.Controller.Wait(ticket);
        world.Pass(3);
        Assert.That(world.BobGot.Select(t => t.TrimEnd('A')).Order(), Is.EqualTo(Enumerable.Range(0, Packets).Select(i => $"p{i}").Order()));
        Assert.That(world.BobGot.Where(t => t.EndsWith("AA", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void After_REMOVE_no_rule_of_the_filter_is_left_and_return_rules_go_last()
    {
        using World world = new();
        world.Introduce();
        world.Setup();
        FigureSixteenTests.Talk(world, 2);
        world.Forget();
        world.Remove();
        Assert.That(world.Rules(RuleKind.Steering).Concat(world.Rules(RuleKind.Catch)), Is.Empty);
        Assert.That(world.Rules(RuleKind.Return), Is.Not.Empty, "packets may still be under way");
        world.Pass(3);
        Assert.That(world.Rules(RuleKind.Return), Is.Empty);
        Assert.That(world.FlowMods().Where(m => m.Command != FlowModCommand.Add).Select(m => m.Command), Is.All.EqualTo(FlowModCommand.DeleteStrict));
        Assert.That(world.Controller.Core.Modules.All, Is.Empty);
    }

    [Test]
    public void The_time_to_live_removes_a_module_and_a_repeated_SETUP_refreshes_it_without_a_FlowMod()
    {
        using World world = new();
        world.Introduce();
        Assert.That(world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060", ("ttl", "10")).Refusal, Is.Null);
        world.Pass(8);
        world.Forget();
        Assert.That(world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060", ("ttl", "10")).Refusal, Is.Null);
        Assert.That(world.FlowMods(), Is.Empty);
        world.Pass(8);
        Assert.That(world.Controller.Core.Modules.All, Has.Count.EqualTo(1));
        world.Pass(6);
        Assert.That(world.Controller.Core.Modules.All, Is.Empty);
        Assert.That(world.Rules(RuleKind.Catch), Is.Empty);
        Assert.That(world.Controller.Reports.Select(r => r.Kind), Does.Contain("expired"));
    }

    [Test]
    public void A_SETUP_with_other_properties_replaces_the_module_the_new_one_first()
    {
        using World world = new();
        world.Introduce();
        uint first = world.Setup();
        FigureSixteenTests.Talk(world, 1);
        Assert.That(world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060", ("properties", "x=1")).OwnerId, Is.Not.EqualTo(first));
        world.Pass(3);
        Assert.That(world.Controller.Core.Modules.All.Select(m => m.OwnerId), Has.None.EqualTo(first).And.Exactly(1).Items);
        world.Bob.ClearReceived();
        FigureSixteenTests.Talk(world, 2);
        Assert.That(world.BobGot, Is.EqualTo(FigureSixteenTests.Texts(2, "A")));
        Assert.That(world.Rules(RuleKind.Steering).Select(f => (uint)f.Cookie), Has.None.EqualTo(first));
    }

    [Test]
    public void A_newer_version_takes_over_running_flows_where_they_are_and_each_packet_meets_one_of_the_two_wherever_it_is_at_that_time([Range(0, 8)] int step)
    {
        const int Flows = 12;
        const int Packets = 40;
        using World world = new();
        world.Introduce();
        uint old = world.Setup("m.Mark-A_1.9");
        foreach (TestNode node in world.Nodes)
            node.Detour = TimeSpan.FromMilliseconds(30);
        SendOnFlows(world, Flows, "first");
        world.Pass(0.2);
        Dictionary<FlowId, uint> before = NodesOfFlows(world);
        Assert.That(before.Values.Distinct().Count(), Is.EqualTo(2), "flows on both nodes");
        world.Forget();
        long ticket = 0;
        for (int i = 0; i < Packets; i++)
        {
            if (i == 10 + step)
                ticket = world.Controller.Send(RequestCommand.Setup, "m.Mark-A_1.10", "udp 10.0.0.2 5060");
            SendOnFlows(world, Flows, $"p{i}");
            world.Pass(0.0007 * (step + 1));
        }
        uint now = world.Controller.Wait(ticket).OwnerId;
        world.Pass(3);
        Assert.That(world.BobGot.Order(), Is.EqualTo(Enumerable.Range(0, Packets).SelectMany(i => Enumerable.Repeat($"p{i}A", Flows)).Order()));
        Assert.That(NodesOfFlows(world), Is.EquivalentTo(before));
        Assert.That(world.Nodes, Has.All.Matches<TestNode>(n => n!.Runs(now) && !n.Runs(old)));
        world.Forget();
        foreach (TestNode node in world.Nodes)
            node.Seen.Clear();
        SendOnFlows(world, Flows, "last");
        world.Pass(0.2);
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("lastA", Flows)));
        Assert.That(world.Nodes.SelectMany(n => n.Seen.Keys).Distinct(), Is.EqualTo((uint[])[now]));
        Assert.That(world.PacketIns(), Is.Zero, "the flows have rules of the new one's already");
    }

    [Test]
    public void A_SETUP_that_comes_while_the_same_module_is_on_its_way_out_is_done_afterwards()
    {
        using World world = new();
        world.Introduce();
        world.Setup();
        world.Remove();
        NetServ.Controller.Core.Modules.RequestOutcome again = world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060");
        Assert.That(again.Refusal, Is.Null);
        world.Pass(3);
        world.Bob.ClearReceived();
        FigureSixteenTests.Talk(world, 2);
        Assert.That(world.BobGot, Is.EqualTo(FigureSixteenTests.Texts(2, "A")));
    }

    [Test]
    public void REMOVE_of_one_of_two_filters_keeps_the_flows_of_the_other_on_the_detour()
    {
        using World world = new();
        world.Introduce();
        world.Setup("m.Mark-A_1.0");
        world.Setup("m.Mark-B_1.0", "udp 10.0.0.0/24 5060");
        FigureSixteenTests.Talk(world, 2);
        string both = world.BobGot.First();
        Assert.That(both, Is.AnyOf("p0AB", "p0BA"));
        world.Remove("m.Mark-A_1.0");
        world.Forget();
        FigureSixteenTests.Talk(world, 3);
        Assert.That(world.BobGot, Is.All.Matches<string>(t => t!.Contains('B')));
        world.Pass(2);
        world.Bob.ClearReceived();
        FigureSixteenTests.Talk(world, 3);
        Assert.That(world.BobGot, Is.EqualTo(FigureSixteenTests.Texts(3, "B")));
        Assert.That(world.PacketIns(), Is.Zero);
    }

    [Test]
    public void A_new_filter_takes_hold_of_flows_that_another_filter_steers_already()
    {
        using World world = new();
        world.Introduce();
        world.Setup("m.Mark-A_1.0");
        FigureSixteenTests.Talk(world, 2);
        // Fails where the flow is: it has to move to the node that has both.
        TestNode busy = world.Nodes.Single(n => n.Processed > 0);
        busy.Fails = ("module-start-failed", "no room");
        world.Setup("m.Mark-B_1.0");
        world.Bob.ClearReceived();
        FigureSixteenTests.Talk(world, 2);
        Assert.That(world.BobGot, Is.All.Matches<string>(t => t!.Contains('A') && t.Contains('B')));
        Assert.That(world.Nodes.Single(n => n != busy).Processed, Is.EqualTo(2));
    }

    [Test]
    public void What_is_refused_is_told_why_and_changes_nothing()
    {
        using World world = new();
        world.Introduce();
        world.Forget();
        foreach (TestNode node in world.Nodes)
            node.Fails = ("wrong-checksum", "checksum: the bundle has another");
        RequestRefusal? refusal = world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060").Refusal;
        Assert.That((refusal!.Code, refusal.Field), Is.EqualTo((RequestError.WrongChecksum, "checksum")));
        Assert.That(world.Controller.Setup("m.Mark-A_1.0", "udp 192.168.0.1 5060").Refusal!.Code, Is.EqualTo(RequestError.PrefixNotAllowed));
        Assert.That(world.Controller.Remove("m.Mark-A_1.0").Refusal!.Code, Is.EqualTo(RequestError.ModuleNotInstalled));
        world.Pass(7);
        Assert.That(world.Controller.Core.Modules.All, Is.Empty);
        Assert.That(world.FlowMods(), Is.Empty);
    }

    [Test]
    public void A_dry_run_checks_all_and_changes_nothing_and_its_request_can_be_sent_afterwards()
    {
        using World world = new();
        byte[] request = world.Controller.Sign(RequestCommand.Setup, "m.Mark-A_1.0", "udp 10.0.0.2 5060");
        Assert.That(world.Controller.Wait(world.Controller.SendText(request, dryRun: true)).Refusal, Is.Null);
        Assert.That(world.Controller.Core.Modules.All, Is.Empty);
        Assert.That(world.Controller.Wait(world.Controller.SendText(request, dryRun: false)).Refusal, Is.Null);
        Assert.That(world.Controller.Wait(world.Controller.SendText(request, dryRun: false)).Refusal!.Code, Is.EqualTo(RequestError.Replayed));
    }

    [Test]
    public void Without_a_node_or_a_switch_a_SETUP_is_refused_by_name()
    {
        using World world = new(connected: false);
        Assert.That(world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060").Refusal!.Code, Is.EqualTo(RequestError.NoNode));
        world.Link.Disconnect();
        world.Pass(0.1);
        Assert.That(world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060").Refusal!.Code, Is.EqualTo(RequestError.NoSwitch));
    }

    private static void SendOnFlows(World world, int flows, string text)
    {
        for (int flow = 0; flow < flows; flow++)
            world.Alice.SendUdp(world.Bob.Address, 5060, System.Text.Encoding.UTF8.GetBytes(text), (ushort)(1000 + flow));
    }

    private static Dictionary<FlowId, uint> NodesOfFlows(World world) =>
        world.Controller.Pins.All.ToDictionary(p => p.Key, p => p.Value.Nodes[0]);
}

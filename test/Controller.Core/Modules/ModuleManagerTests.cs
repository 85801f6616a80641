using NetServ.Controller.Core.Modules;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Tests.Support;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Tests.Modules;

public class ModuleManagerTests
{
    [Test]
    public void SETUP_goes_to_every_attached_node_and_is_in_force_once_all_have_answered()
    {
        CoreRig rig = CoreRig.Running();
        long ticket = rig.Setup();
        InstalledModule module = rig.Core.Modules.All.Single();
        Assert.That(rig.Commands<NodeCommand.Install>(1).Concat(rig.Commands<NodeCommand.Install>(2)).Select(i => i.OwnerId), Is.EqualTo((uint[])[module.OwnerId, module.OwnerId]));
        rig.Report(1, module.OwnerId, ModuleStatus.Active);
        Assert.That(rig.Core.Snapshot.Filters.All, Is.Empty, "one node is still at it");
        rig.Report(2, module.OwnerId, ModuleStatus.Active);
        Assert.That(rig.Core.Snapshot.Filters.All.Single().ActiveNodes, Is.EqualTo((uint[])[1, 2]));
        Assert.That(rig.Answer(ticket), Is.Null, "the switch has not passed the barrier");
        rig.BarrierPasses();
        rig.Pass(rig.Options.Grace - 25);
        Assert.That(rig.Answer(ticket), Is.Null);
        rig.Pass(50);
        Assert.That(rig.Answer(ticket)!.Refusal, Is.Null);
        Assert.That(rig.Answer(ticket)!.Nodes, Is.EqualTo((string[])["n1", "n2"]));
        Assert.That(rig.Kinds, Is.EqualTo((string[])["setup-accepted", "module-active", "module-active", "filter-active"]));
    }

    [Test]
    public void A_node_that_fails_does_not_hold_up_the_others()
    {
        CoreRig rig = CoreRig.Running();
        long ticket = rig.Setup();
        uint owner = rig.Core.Modules.All.Single().OwnerId;
        rig.Report(1, owner, ModuleStatus.Failed, "unreachable-url", "url: no answer.");
        rig.Report(2, owner, ModuleStatus.Active);
        rig.BarrierPasses();
        rig.Pass(100);
        Assert.That(rig.Answer(ticket)!.Nodes, Is.EqualTo((string[])["n2"]));
        Assert.That(rig.Core.Snapshot.Filters.All.Single().ActiveNodes, Is.EqualTo((uint[])[2]));
    }

    [Test]
    public void A_module_that_fails_everywhere_is_refused_with_the_nodes_words_and_forgotten()
    {
        CoreRig rig = CoreRig.Running();
        long ticket = rig.Setup();
        uint owner = rig.Core.Modules.All.Single().OwnerId;
        rig.Report(1, owner, ModuleStatus.Failed, "wrong-checksum", "checksum: it is another.");
        rig.Report(2, owner, ModuleStatus.Failed, "wrong-checksum", "checksum: it is another.");
        Assert.That(rig.Answer(ticket)!.Refusal, Is.EqualTo(new RequestRefusal(RequestError.WrongChecksum, "checksum", "checksum: it is another.")));
        rig.Pass(25);
        Assert.That(rig.Core.Modules.All, Is.Empty);
        Assert.That(rig.Core.Snapshot.Filters.All, Is.Empty);
    }

    [Test]
    public void Nodes_that_never_answer_are_given_up_in_time()
    {
        CoreRig rig = CoreRig.Running();
        long ticket = rig.Setup();
        rig.PassAlive(rig.Options.SetupWait - 25, 1, 2);
        Assert.That(rig.Answer(ticket), Is.Null);
        rig.PassAlive(50, 1, 2);
        Assert.That(rig.Answer(ticket)!.Refusal!.Code, Is.EqualTo(RequestError.ModuleStartFailed));
        Assert.That(rig.Commands<NodeCommand.Remove>(1).Count(), Is.EqualTo(1), "it is told to stop what it may have begun");
    }

    [Test]
    public void A_node_lost_while_installing_is_not_waited_for()
    {
        CoreRig rig = CoreRig.Running();
        long ticket = rig.Setup();
        uint owner = rig.Core.Modules.All.Single().OwnerId;
        rig.Report(1, owner, ModuleStatus.Active);
        rig.Apply(new CoreInput.NodeGone(2, "cut"));
        rig.BarrierPasses();
        rig.Pass(100);
        Assert.That(rig.Answer(ticket)!.Nodes, Is.EqualTo((string[])["n1"]));
    }

    [Test]
    public void When_the_only_node_is_lost_while_installing_the_SETUP_is_refused_at_once()
    {
        CoreRig rig = CoreRig.Running(1);
        long ticket = rig.Setup();
        rig.Apply(new CoreInput.NodeGone(1, "cut"));
        Assert.That(rig.Answer(ticket)!.Refusal, Is.Not.Null);
        rig.Pass(50);
        Assert.That(rig.Core.Modules.All, Is.Empty);
    }

    [Test]
    public void A_barrier_that_is_never_answered_is_given_up()
    {
        CoreRig rig = CoreRig.Running(1);
        long ticket = rig.Setup();
        rig.Report(1, rig.Core.Modules.All.Single().OwnerId, ModuleStatus.Active);
        rig.PassAlive(rig.Options.BarrierWait + rig.Options.Grace + 50, 1);
        Assert.That(rig.Answer(ticket)!.Refusal, Is.Null);
    }

    [Test]
    public void REMOVE_unsteers_waits_for_barrier_and_hold_drains_and_then_frees_the_node()
    {
        CoreRig rig = CoreRig.Running(1);
        uint owner = rig.Install(1);
        long ticket = rig.Remove();
        Assert.That(rig.Core.Snapshot.Filters.All, Is.Empty);
        Assert.That(rig.Answer(ticket), Is.Null);
        rig.BarrierPasses();
        Assert.That(rig.Answer(ticket)!.Refusal, Is.Null);
        rig.Pass(rig.Options.Hold - 25);
        Assert.That(rig.Commands<NodeCommand.Remove>(1), Is.Empty, "what is under way is still processed");
        rig.Pass(50);
        Assert.That(rig.Commands<NodeCommand.Remove>(1), Is.EqualTo((NodeCommand.Remove[])[new(owner, rig.Options.Drain)]));
        rig.Report(1, owner, ModuleStatus.Stopping);
        Assert.That(rig.Core.Snapshot.Nodes.Single().InUse, Is.True, "return rules stay to the last");
        rig.Report(1, owner, ModuleStatus.Removed);
        Assert.That(rig.Core.Snapshot.Nodes.Single().InUse, Is.False);
        Assert.That(rig.Core.Modules.All, Is.Empty);
        Assert.That(rig.Kinds, Is.EqualTo((string[])["remove-accepted", "removed"]));
    }

    [Test]
    public void A_node_that_never_says_it_stopped_is_given_up()
    {
        CoreRig rig = CoreRig.Running(1);
        rig.Install(1);
        rig.Remove();
        rig.BarrierPasses();
        rig.PassAlive(rig.Options.Hold + rig.Options.Drain + rig.Options.StopWait + 100, 1);
        Assert.That(rig.Core.Modules.All, Is.Empty);
    }

    [Test]
    public void A_modules_time_is_up_unless_it_is_refreshed()
    {
        CoreRig rig = CoreRig.Running(1);
        rig.Install(1);
        rig.PassAlive(50_000, 1);
        long again = rig.Setup();
        Assert.That(rig.Answer(again)!.Text, Does.Contain("runs already"));
        rig.PassAlive(59_000, 1);
        Assert.That(rig.Kinds, Has.None.EqualTo("expired"));
        rig.PassAlive(1_100, 1);
        Assert.That(rig.Kinds, Has.One.EqualTo("expired"));
        Assert.That(rig.Core.Snapshot.Filters.All, Is.Empty);
    }

    [Test]
    public void A_SETUP_that_comes_while_the_same_is_on_its_way_out_is_done_afterwards()
    {
        CoreRig rig = CoreRig.Running(1);
        uint owner = rig.Install(1);
        rig.Remove();
        rig.BarrierPasses();
        long ticket = rig.Setup();
        rig.Pass(rig.Options.Hold + 25);
        Assert.That(rig.Commands<NodeCommand.Install>(1), Is.Empty);
        rig.Report(1, owner, ModuleStatus.Removed);
        Assert.That(rig.Commands<NodeCommand.Install>(1).Count(), Is.EqualTo(1));
        rig.Report(1, rig.Core.Modules.All.Single().OwnerId, ModuleStatus.Active);
        rig.BarrierPasses();
        rig.Pass(100);
        Assert.That(rig.Answer(ticket)!.Refusal, Is.Null);
    }

    [Test]
    public void A_changed_SETUP_takes_the_place_of_the_one_before_with_one_snapshot()
    {
        CoreRig rig = CoreRig.Running(1);
        uint old = rig.Install(1);
        rig.Setup(port: 5070);
        uint now = rig.Core.Modules.All.Single(m => m.OwnerId != old).OwnerId;
        Assert.That(rig.Core.Snapshot.Filters.All.Select(f => f.OwnerId), Is.EqualTo((uint[])[old]), "the old one works until the new one is ready");
        rig.Forget();
        rig.Report(1, now, ModuleStatus.Active);
        Assert.That(rig.Effects<CoreEffect.Publish>().Select(p => p.Snapshot.Filters.All.Single().OwnerId), Is.EqualTo((uint[])[now]));
    }

    [TestCase("M_1.0.0", "M_1.1.0")]
    [TestCase("M_1.9.0", "M_1.10.0")]
    [TestCase("M_2.0.0-beta", "M_2.0.0")]
    [TestCase("M_1.0", "M_1.0.0")]
    public void SETUP_of_a_version_not_older_takes_the_place_of_the_one_before_with_one_snapshot(string before, string after)
    {
        CoreRig rig = CoreRig.Running(1);
        uint old = rig.InstallAs(before, 1);
        rig.Setup(after);
        InstalledModule now = rig.Core.Modules.All.Single(m => m.OwnerId != old);
        Assert.That(rig.Commands<NodeCommand.Install>(1).Single().Replaces, Is.EqualTo(old), "the node has to know which of the two takes a packet");
        Assert.That(rig.Core.Snapshot.Filters.All.Select(f => f.OwnerId), Is.EqualTo((uint[])[old]), "the old one works until the new one is ready");
        rig.Forget();
        rig.Report(1, now.OwnerId, ModuleStatus.Active);
        Assert.That(rig.Effects<CoreEffect.Publish>().Select(p => p.Snapshot.Filters.All.Single().OwnerId), Is.EqualTo((uint[])[now.OwnerId]));
        Assert.That(rig.Commands<NodeCommand.Remove>(1), Is.Empty, "what is under way is still processed");
        rig.BarrierPasses();
        rig.Pass(rig.Options.Hold + 25);
        Assert.That(rig.Commands<NodeCommand.Remove>(1).Single().OwnerId, Is.EqualTo(old));
    }

    [TestCase("M_1.1.0", "M_1.0.0")]
    [TestCase("M_1.10.0", "M_1.9.0")]
    [TestCase("M_1.1.0", "M_1.1.0-rc.1")]
    public void SETUP_of_an_older_version_is_refused_with_the_way_out_and_may_be_sent_again_after_it(string before, string after)
    {
        CoreRig rig = CoreRig.Running(1);
        uint old = rig.InstallAs(before, 1);
        byte[] text = CoreRig.Sign(RequestCommand.Setup, after);
        RequestRefusal refusal = rig.Answer(rig.Submit(text))!.Refusal!;
        Assert.That((refusal.Code, refusal.Field), Is.EqualTo((RequestError.OlderVersion, "module")));
        Assert.That(refusal.Text, Does.Contain(before).And.Contain($"netserv remove --module {before}"));
        Assert.That(rig.Core.Modules.All.Single().OwnerId, Is.EqualTo(old));
        rig.Remove(before);
        rig.Submit(text);
        Assert.That(rig.Core.Modules.All.Where(m => !m.IsEnding).Select(m => m.Request.Module.ToString()), Is.EqualTo((string[])[after]));
    }

    [Test]
    public void REMOVE_of_the_version_that_was_replaced_does_not_touch_the_one_that_runs()
    {
        CoreRig rig = CoreRig.Running(1);
        rig.InstallAs("M_1.0.0", 1);
        uint now = rig.InstallAs("M_1.1.0", 1);
        Assert.That(rig.Answer(rig.Remove("M_1.0.0"))!.Refusal!.Code, Is.EqualTo(RequestError.ModuleNotInstalled));
        Assert.That(rig.Core.Snapshot.Filters.All.Single().OwnerId, Is.EqualTo(now));
    }

    [Test]
    public void A_module_set_up_while_another_version_is_on_its_way_out_takes_over_what_still_comes_to_the_node()
    {
        CoreRig rig = CoreRig.Running(1);
        uint old = rig.InstallAs("M_1.1.0", 1);
        rig.Remove("M_1.1.0");
        rig.Setup("M_1.0.0");
        Assert.That(rig.Commands<NodeCommand.Install>(1).Single().Replaces, Is.EqualTo(old));
    }

    [Test]
    public void A_SETUP_that_waited_for_its_own_version_to_go_does_not_take_a_newer_ones_place_afterwards()
    {
        CoreRig rig = CoreRig.Running(1);
        uint old = rig.InstallAs("M_1.0.0", 1);
        rig.Remove("M_1.0.0");
        rig.BarrierPasses();
        long late = rig.Setup("M_1.0.0");
        uint now = rig.InstallAs("M_1.1.0", 1);
        rig.Pass(rig.Options.Hold + 25);
        rig.Report(1, old, ModuleStatus.Removed);
        Assert.That(rig.Answer(late)!.Refusal!.Code, Is.EqualTo(RequestError.OlderVersion));
        Assert.That(rig.Core.Snapshot.Filters.All.Single().OwnerId, Is.EqualTo(now));
    }

    [Test]
    public void A_SETUP_that_is_overtaken_by_a_newer_one_before_it_is_ready_is_told_so_and_what_runs_is_replaced_once()
    {
        CoreRig rig = CoreRig.Running(1);
        uint old = rig.InstallAs("M_1.0.0", 1);
        long overtaken = rig.Setup("M_1.1.0");
        uint middle = rig.Core.Modules.All.Single(m => m.OwnerId != old).OwnerId;
        rig.Setup("M_1.2.0");
        Assert.That(rig.Answer(overtaken)!.Refusal!.Code, Is.EqualTo(RequestError.Overtaken));
        Assert.That(rig.Answer(overtaken)!.Refusal!.Text, Does.Contain("M_1.2.0"));
        InstalledModule now = rig.Core.Modules.All.Single(m => m.OwnerId != old && m.OwnerId != middle);
        Assert.That(rig.Commands<NodeCommand.Install>(1).Last(), Is.EqualTo(new NodeCommand.Install(now.OwnerId, now.Request, old)));
        Assert.That(rig.Commands<NodeCommand.Remove>(1).Single().OwnerId, Is.EqualTo(middle));
        rig.Report(1, middle, ModuleStatus.Active);
        Assert.That(rig.Core.Snapshot.Filters.All.Single().OwnerId, Is.EqualTo(old));
        rig.Report(1, now.OwnerId, ModuleStatus.Active);
        Assert.That(rig.Core.Snapshot.Filters.All.Single().OwnerId, Is.EqualTo(now.OwnerId));
    }

    [Test]
    public void A_changed_SETUP_that_fails_leaves_the_one_before()
    {
        CoreRig rig = CoreRig.Running(1);
        uint old = rig.Install(1);
        rig.Setup(checksum: "b");
        rig.Report(1, rig.Core.Modules.All.Single(m => m.OwnerId != old).OwnerId, ModuleStatus.Failed, "not-a-bundle", "url: no.");
        rig.Pass(50);
        Assert.That(rig.Core.Modules.All.Single().OwnerId, Is.EqualTo(old));
        Assert.That(rig.Core.Snapshot.Filters.All.Single().OwnerId, Is.EqualTo(old));
    }

    [Test]
    public void A_node_that_runs_what_nobody_asked_for_is_told_to_stop_it()
    {
        CoreRig rig = CoreRig.Running(1);
        rig.NodeUp(1, stream: 7, new ModuleReport(77, ModuleStatus.Active, "", "", []));
        Assert.That(rig.Commands<NodeCommand.Remove>(7), Is.EqualTo((NodeCommand.Remove[])[new(77, 0)]));
    }

    [Test]
    public void A_node_that_comes_back_gets_the_modules_that_run()
    {
        CoreRig rig = CoreRig.Running();
        uint owner = rig.Install(1, 2);
        rig.Apply(new CoreInput.NodeGone(2, "cut"));
        Assert.That(rig.Core.Snapshot.Filters.All.Single().ActiveNodes, Is.EqualTo((uint[])[1]));
        rig.NodeUp(2, stream: 9);
        Assert.That(rig.Commands<NodeCommand.Install>(9).Single().OwnerId, Is.EqualTo(owner));
        rig.Report(9, owner, ModuleStatus.Active);
        Assert.That(rig.Core.Snapshot.Filters.All.Single().ActiveNodes, Is.EqualTo((uint[])[1, 2]));
    }

    [Test]
    public void A_repeated_SETUP_starts_a_module_again_where_it_failed()
    {
        CoreRig rig = CoreRig.Running(1);
        uint owner = rig.Install(1);
        rig.Report(1, owner, ModuleStatus.Failed, "module-start-failed", "url: it threw three times; set it up again.");
        rig.Forget();
        long ticket = rig.Setup();
        Assert.That(rig.Answer(ticket), Is.Null, "it does not run, so it cannot be said to");
        Assert.That(rig.Commands<NodeCommand.Install>(1).Single().OwnerId, Is.EqualTo(owner));
        rig.Report(1, owner, ModuleStatus.Active);
        rig.BarrierPasses();
        rig.Pass(100);
        Assert.That(rig.Answer(ticket)!.Nodes, Is.EqualTo((string[])["n1"]));
        Assert.That(rig.Core.Snapshot.Filters.All.Single().ActiveNodes, Is.EqualTo((uint[])[1]));
    }

    [Test]
    public void A_request_refused_for_want_of_a_switch_or_a_node_may_be_sent_again()
    {
        CoreRig rig = new(1);
        byte[] text = CoreRig.Sign(RequestCommand.Setup);
        Assert.That(rig.Answer(rig.Submit(text))!.Refusal!.Code, Is.EqualTo(RequestError.NoSwitch));
        rig.SwitchUp();
        Assert.That(rig.Answer(rig.Submit(text))!.Refusal!.Code, Is.EqualTo(RequestError.NoNode));
        rig.NodeUp(1);
        rig.Submit(text);
        Assert.That(rig.Core.Modules.All, Has.Count.EqualTo(1));
        Assert.That(rig.Answer(rig.Submit(text))!.Refusal!.Code, Is.EqualTo(RequestError.Replayed));
    }

    [Test]
    public void REMOVE_without_a_version_takes_every_version()
    {
        CoreRig rig = CoreRig.Running(1);
        rig.Install(1);
        rig.Remove("M");
        Assert.That(rig.Core.Modules.All.Single().IsEnding, Is.True);
        Assert.That(rig.Answer(rig.Remove("M"))!.Refusal!.Code, Is.EqualTo(RequestError.ModuleNotInstalled));
    }
}

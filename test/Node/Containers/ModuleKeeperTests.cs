using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using NetServ.Node.Containers.Inline;
using NetServ.Node.Containers.Lifecycle;
using NetServ.Node.DataPath.Releases;
using NetServ.Node.Tests.Support;
using NetServ.Packets;

namespace NetServ.Node.Tests.Containers;

[CancelAfter(60_000)]
public class ModuleKeeperTests
{
    private readonly TestTime _time = new();
    private KeeperRig _rig = null!;

    [SetUp]
    public async Task SetUpAsync() => _rig = await KeeperRig.StartAsync(time: _time);

    [TearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task Module_is_installed_from_its_bundle_and_sees_packets_until_it_is_removed()
    {
        Assert.That((await _rig.InstallAsync(_rig.Mark())).Phase, Is.EqualTo(ModulePhase.Active));
        Assert.That(Pass("stamp=00"), Is.EqualTo("stamp=01"));
        await _rig.Keeper.RemoveAsync(1, TimeSpan.FromSeconds(1));
        Assert.That(_rig.Reports().Select(r => r.Phase), Is.EqualTo(new[] { ModulePhase.Stopping, ModulePhase.Removed }));
        Assert.That(Pass("stamp=00"), Is.EqualTo("stamp=00"), "late packets pass unprocessed");
        Assert.That(_rig.Keeper.ReadAll(), Is.Empty);
    }

    [Test]
    public async Task Packets_of_a_removed_filter_are_strangers_when_its_time_is_over()
    {
        await _rig.InstallAsync(_rig.Mark());
        await _rig.Keeper.RemoveAsync(1, TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(309));
        await _rig.Keeper.ForgetExpiredAsync();
        Assert.That(Pass("stamp=00"), Is.EqualTo("stamp=00"));
        _time.Advance(TimeSpan.FromSeconds(2));
        await _rig.Keeper.ForgetExpiredAsync();
        _rig.Port.Send(TestFrames.Udp());
        await EventuallyAsync(() => _rig.Pump.Counters.Strangers == 1);
        Assert.That(_rig.Port.ReceiveAll(), Is.Empty);
    }

    [Test]
    public async Task Late_packets_of_a_removed_fail_closed_filter_are_dropped()
    {
        await _rig.InstallAsync(_rig.Mark() with { FailClosed = true });
        await _rig.Keeper.RemoveAsync(1, TimeSpan.FromSeconds(10));
        _rig.Port.Send(TestFrames.Udp());
        await EventuallyAsync(() => _rig.Pump.Counters.FailedClosed == 1);
        Assert.That(_rig.Port.ReceiveAll(), Is.Empty);
    }

    [Test]
    public async Task Same_command_again_starts_nothing_and_reports_active()
    {
        InstallCommand command = _rig.Mark();
        await _rig.InstallAsync(command);
        Pass("stamp=00");
        Assert.That((await _rig.InstallAsync(command)).Phase, Is.EqualTo(ModulePhase.Active));
        Assert.That(_rig.Server.Asked("/1/NetServ.Modules.Mark_1.0.0.nupkg"), Is.EqualTo(1));
        Assert.That(Counter("marked"), Is.EqualTo(1), "it is the same instance still");
    }

    [Test]
    public async Task Same_module_with_another_filter_moves_without_a_new_start()
    {
        await _rig.InstallAsync(_rig.Mark());
        Pass("stamp=00");
        await _rig.InstallAsync(_rig.Mark() with { Filter = PumpRig.Filter(port: 7000) });
        _rig.Port.Send(TestFrames.Udp("stamp=00", port: 5060), TestFrames.Udp("stamp=00", port: 7000));
        Assert.That(TestFrames.PayloadText(_rig.Port.Receive()), Is.EqualTo("stamp=01"));
        Assert.That(Counter("marked"), Is.EqualTo(2));
    }

    [Test]
    public async Task Same_owner_with_other_properties_gets_a_new_instance()
    {
        await _rig.InstallAsync(_rig.Mark());
        Pass("stamp=00");
        InstallCommand changed = _rig.Command(BundleFiles.Mark, BundleFiles.MarkId, 1, "alice", ("stamp", "dscp"));
        Assert.That((await _rig.InstallAsync(changed)).Phase, Is.EqualTo(ModulePhase.Active));
        Assert.That(Pass("stamp=00"), Is.EqualTo("stamp=00"));
        Assert.That(Counter("marked"), Is.EqualTo(1));
        Assert.That(_rig.Keeper.ReadAll(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Module_that_throws_in_Start_is_refused_and_the_one_before_it_stays()
    {
        await _rig.InstallAsync(_rig.Mark());
        InstallCommand faulty = _rig.Command(BundleFiles.Mark, BundleFiles.MarkId, 1, "alice", ("stamp", "nonsense"));
        ModuleStatus status = await _rig.InstallAsync(faulty);
        Assert.Multiple(() =>
        {
            Assert.That(status.Phase, Is.EqualTo(ModulePhase.Failed));
            Assert.That(status.Refusal!.Code, Is.EqualTo("module-start-failed"));
            Assert.That(status.Refusal.Text, Does.Contain("property stamp is 'nonsense'"));
        });
        Assert.That(Pass("stamp=00"), Is.EqualTo("stamp=01"));
    }

    [Test]
    public async Task Failed_start_leaves_nothing_behind()
    {
        ModuleStatus status = await _rig.InstallAsync(_rig.Command(BundleFiles.Faulty(), BundleFiles.FaultyId, 1, "alice", ("throw", "start")));
        Assert.That(status.Refusal!.Text, Does.Contain("cannot start today"));
        Assert.That(_rig.Keeper.ReadAll(), Is.Empty);
        _rig.Port.Send(TestFrames.Udp());
        await EventuallyAsync(() => _rig.Pump.Counters.Strangers == 1);
        AssertUnloaded(BundleFiles.FaultyId);
    }

    [Test]
    public async Task Bundle_of_another_module_than_the_request_names_is_refused()
    {
        ModuleStatus status = await _rig.InstallAsync(_rig.Mark() with { ModuleId = "NetServ.Modules.Mark_2.0.0" });
        Assert.That(status.Refusal!.Code, Is.EqualTo("not-a-bundle"));
        Assert.That(status.Refusal.Text, Does.Contain("NetServ.Modules.Mark_1.0.0"));
    }

    [Test]
    public async Task Request_without_a_version_takes_the_one_that_is_served() =>
        Assert.That((await _rig.InstallAsync(_rig.Mark() with { ModuleId = "NetServ.Modules.Mark" })).Phase, Is.EqualTo(ModulePhase.Active));

    [Test]
    public async Task Dependency_of_the_request_must_run_for_the_same_user()
    {
        InstallCommand needy = _rig.Command(BundleFiles.Faulty(), BundleFiles.FaultyId, 2) with { Dependencies = [BundleFiles.MarkId] };
        await _rig.InstallAsync(_rig.Mark(1, "bob"));
        ModuleStatus status = await _rig.InstallAsync(needy);
        Assert.That(status.Refusal!.Code, Is.EqualTo("missing-dependency"));
        Assert.That(status.Refusal.Text, Does.StartWith("dependencies: NetServ.Modules.Mark_1.0.0 "));
        await _rig.InstallAsync(_rig.Mark(3));
        Assert.That((await _rig.InstallAsync(needy)).Phase, Is.EqualTo(ModulePhase.Active));
    }

    [Test]
    public async Task Dependency_of_the_bundle_must_run_in_a_version_that_will_do()
    {
        await _rig.InstallAsync(_rig.Mark());
        InstallCommand later = _rig.Command(BundleFiles.Faulty("<dependency id=\"NetServ.Modules.Mark\" version=\"2.0\" />"), BundleFiles.FaultyId, 2);
        Assert.That((await _rig.InstallAsync(later)).Refusal!.Code, Is.EqualTo("missing-dependency"));
        InstallCommand fitting = _rig.Command(BundleFiles.Faulty("<dependency id=\"NetServ.Modules.Mark\" version=\"1.0\" />"), BundleFiles.FaultyId, 2);
        Assert.That((await _rig.InstallAsync(fitting)).Phase, Is.EqualTo(ModulePhase.Active));
    }

    [Test]
    public async Task Module_that_throws_now_and_then_is_counted_and_its_packet_passes_as_it_came()
    {
        await _rig.InstallAsync(_rig.Command(BundleFiles.Faulty(), BundleFiles.FaultyId, 1, "alice", ("throw", "process"), ("count", "3")));
        for (int i = 0; i < 5; i++)
            Assert.That(Pass("as it came"), Is.EqualTo("as it came"));
        Assert.That(Counter("node.exceptions"), Is.EqualTo(3));
        Assert.That(_rig.Keeper.ReadAll().Single().Phase, Is.EqualTo(ModulePhase.Active));
    }

    [Test]
    public async Task Module_that_throws_in_a_row_is_reported_failed_and_stopped_and_its_packets_pass()
    {
        await _rig.InstallAsync(_rig.Command(BundleFiles.Faulty(), BundleFiles.FaultyId, 1, "alice", ("throw", "process")));
        for (int i = 0; i < ModuleInstance.MostFaults; i++)
            Assert.That(Pass("as it came"), Is.EqualTo("as it came"));
        ModuleStatus status = await _rig.NextReportAsync();
        Assert.That(status.Phase, Is.EqualTo(ModulePhase.Failed));
        Assert.That(status.Refusal!.Text, Does.Contain("cannot work today"));
        Assert.That(Pass("as it came"), Is.EqualTo("as it came"));
        Assert.That(_rig.Keeper.ReadAll().Single().Phase, Is.EqualTo(ModulePhase.Failed));
        AssertUnloaded(BundleFiles.FaultyId);
    }

    [Test]
    public async Task Failed_module_that_asked_for_fail_closed_has_its_packets_dropped()
    {
        await _rig.InstallAsync(_rig.Command(BundleFiles.Faulty(), BundleFiles.FaultyId, 1, "alice", ("throw", "process")) with { FailClosed = true });
        for (int i = 0; i < ModuleInstance.MostFaults; i++)
            _rig.Port.Send(TestFrames.Udp());
        Assert.That((await _rig.NextReportAsync()).Phase, Is.EqualTo(ModulePhase.Failed));
        _rig.Port.Send(TestFrames.Udp());
        await EventuallyAsync(() => _rig.Pump.Counters.Received == ModuleInstance.MostFaults + 1);
        Assert.That(_rig.Port.ReceiveAll(), Is.Empty);
    }

    [Test]
    public async Task Removing_what_is_not_there_is_reported_as_removed()
    {
        await _rig.Keeper.RemoveAsync(99, TimeSpan.Zero);
        Assert.That(_rig.Reports().Single(), Has.Property("OwnerId").EqualTo(99u).And.Property("Phase").EqualTo(ModulePhase.Removed));
    }

    [Test]
    public async Task Removal_gives_up_a_download_under_way()
    {
        TaskCompletionSource asked = new();
        string url = _rig.Server.Serve("/hangs", async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        Task installing = _rig.Keeper.InstallAsync(_rig.Mark() with { Url = url });
        await asked.Task;
        await _rig.Keeper.RemoveAsync(1, TimeSpan.Zero);
        await installing;
        Assert.That(_rig.Reports().Select(r => r.Phase), Is.EqualTo(new[] { ModulePhase.Installing, ModulePhase.Removed }));
    }

    [Test]
    public async Task Slow_download_holds_up_no_other_module()
    {
        TaskCompletionSource go = new();
        string url = _rig.Server.Serve("/slow", async context =>
        {
            await go.Task;
            await context.Response.Body.WriteAsync(BundleFiles.Mark);
        });
        Task slow = _rig.Keeper.InstallAsync(_rig.Mark(1) with { Url = url });
        await _rig.InstallAsync(_rig.Mark(2, "bob"));
        Assert.That(Pass("stamp=00"), Is.EqualTo("stamp=01"));
        go.SetResult();
        await slow;
        Assert.That(_rig.Keeper.ReadAll(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Code_of_a_removed_module_is_unloaded()
    {
        await _rig.InstallAsync(_rig.Mark());
        Assert.That(Loaded(BundleFiles.MarkId), Is.Not.Zero);
        Pass("stamp=00");
        await _rig.Keeper.RemoveAsync(1, TimeSpan.Zero);
        AssertUnloaded(BundleFiles.MarkId);
    }

    [Test]
    public async Task Packets_flow_without_loss_while_modules_come_and_go()
    {
        await _rig.InstallAsync(_rig.Mark());
        using CancellationTokenSource done = new();
        Task<(int Sent, int Returned)> traffic = Task.Run(() =>
        {
            int sent = 0, returned = 0;
            while (!done.IsCancellationRequested || returned < sent)
            {
                if (!done.IsCancellationRequested)
                {
                    _rig.Port.Send(TestFrames.Udp());
                    sent++;
                }
                TestFrames.PayloadText(_rig.Port.Receive());
                returned++;
            }
            return (sent, returned);
        });
        for (uint i = 0; i < 10; i++)
        {
            await _rig.InstallAsync(_rig.Mark(2 + i, "bob"));
            await _rig.Keeper.RemoveAsync(2 + i, TimeSpan.Zero);
            _rig.Reports();
        }
        await done.CancelAsync();
        (int sent, int returned) = await traffic;
        Assert.That(returned, Is.EqualTo(sent).And.GreaterThan(10));
    }

    [Test]
    public async Task Upgrade_under_traffic_shows_each_packet_to_one_of_the_two_modules()
    {
        await _rig.InstallAsync(_rig.Mark(1) with { FailClosed = true });
        using CancellationTokenSource done = new();
        Task<List<string>> traffic = Task.Run(() => Traffic(done.Token));
        InstallCommand newer = _rig.Command(BundleFiles.Mark, BundleFiles.MarkId, owner: 2, "alice", ("stamp", "payload")) with { Replaces = 1 };
        Assert.That((await _rig.InstallAsync(newer)).Phase, Is.EqualTo(ModulePhase.Active));
        await EventuallyAsync(() => CounterOf(2, "marked") > 10);
        ulong before = CounterOf(1, "marked");
        await EventuallyAsync(() => CounterOf(2, "marked") > 20);
        Assert.That(CounterOf(1, "marked"), Is.EqualTo(before), "the older one sees no more");
        await _rig.Keeper.RemoveAsync(1, TimeSpan.FromSeconds(1));
        ulong after = CounterOf(2, "marked");
        await EventuallyAsync(() => CounterOf(2, "marked") > after + 10);
        await done.CancelAsync();
        List<string> returned = await traffic;
        Assert.That(returned, Is.All.EqualTo("stamp=01"), "each packet once");
        Assert.That(_rig.Pump.Counters.Dropped, Is.Zero);
    }

    [Test]
    public async Task Older_module_goes_on_when_the_one_that_replaced_it_is_removed()
    {
        await _rig.InstallAsync(_rig.Mark(1));
        await _rig.InstallAsync(_rig.Command(BundleFiles.Mark, BundleFiles.MarkId, owner: 2, "alice", ("stamp", "dscp")) with { Replaces = 1 });
        Assert.That(Pass("stamp=00"), Is.EqualTo("stamp=00"), "the newer one marks elsewhere");
        await _rig.Keeper.RemoveAsync(2, TimeSpan.FromSeconds(1));
        Assert.That(Pass("stamp=00"), Is.EqualTo("stamp=01"));
    }

    [Test]
    public async Task Same_code_that_is_to_replace_another_one_now_is_kept_and_does()
    {
        await _rig.InstallAsync(_rig.Mark(1));
        await _rig.InstallAsync(_rig.Mark(2));
        Assert.That(Pass("stamp=00"), Is.EqualTo("stamp=02"));
        await _rig.InstallAsync(_rig.Mark(2) with { Replaces = 1 });
        Assert.That(Pass("stamp=00"), Is.EqualTo("stamp=01"));
        Assert.That(CounterOf(2, "marked"), Is.EqualTo(2), "it is the same instance still");
    }

    [Test]
    public async Task Module_that_calls_a_flow_back_is_heard_in_its_own_name()
    {
        await _rig.InstallAsync(_rig.Command(BundleFiles.Faulty(), BundleFiles.FaultyId, owner: 6, "alice", ("recall", "7-8")));
        List<FlowNotice> notices = [];
        await EventuallyAsync(() =>
        {
            notices.AddRange(_rig.Pump.Releases.Take());
            return notices.Count > 0;
        });
        Assert.That(notices.Single(), Is.EqualTo(new FlowNotice(6, new FiveTuple(IpProtocols.Udp, default, default, 7, 8), IsReleased: false)));
    }

    [Test]
    public async Task Statelessness_is_reported_from_when_the_module_is_active()
    {
        Assert.That((await _rig.InstallAsync(_rig.Mark())).IsStateless, Is.True);
        Assert.That((await _rig.InstallAsync(_rig.Command(BundleFiles.Packed("NetServ.Modules.NetMonitor"), "NetServ.Modules.NetMonitor_1.0.0", 2))).IsStateless, Is.False);
        Assert.That(_rig.Keeper.ReadAll().Select(s => s.IsStateless), Is.EqualTo(new[] { true, false }));
    }

    private List<string> Traffic(CancellationToken stop)
    {
        List<string> returned = [];
        while (!stop.IsCancellationRequested)
            returned.Add(Pass("stamp=00"));
        return returned;
    }

    private ulong CounterOf(uint owner, string name) => _rig.Keeper.ReadAll().Single(s => s.OwnerId == owner).Counters[name];

    // Retries because collection takes several passes, and a pass may find the last frame's references on another thread's stack.
    private static void AssertUnloaded(string id)
    {
        long until = Environment.TickCount64 + 10_000;
        while (Loaded(id) > 0 && Environment.TickCount64 < until)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.That(Loaded(id), Is.Zero, $"load contexts of {id} still in memory");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Loaded(string id) => AssemblyLoadContext.All.Count(c => c.Name == id);

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(10));
        while (!condition())
        {
            timeout.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private ulong Counter(string name) => _rig.Keeper.ReadAll().Single().Counters[name];

    private string Pass(string payload)
    {
        _rig.Port.Send(TestFrames.Udp(payload));
        return TestFrames.PayloadText(_rig.Port.Receive());
    }
}

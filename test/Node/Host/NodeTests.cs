using Google.Protobuf;
using NetServ.Coordination;
using NetServ.Node.Tests.Support;

namespace NetServ.Node.Tests.Host;

[CancelAfter(60_000)]
public class NodeTests
{
    private FakeController _controller = null!;
    private BundleServer _bundles = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _controller = await FakeController.StartAsync();
        _bundles = await BundleServer.StartAsync();
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        await _controller.DisposeAsync();
        await _bundles.DisposeAsync();
    }

    [Test]
    public async Task Node_registers_attaches_installs_Mark_and_passes_packets()
    {
        await using RunningNode node = new(_controller.Address, "secret");
        NodeStream stream = await _controller.AcceptAsync();
        NodeHello hello = await stream.HelloAsync();
        Assert.Multiple(() =>
        {
            Assert.That(stream.Authorization, Is.EqualTo("Bearer secret"));
            Assert.That(hello.Name, Is.EqualTo("node-1"));
            Assert.That(hello.Capacity, Is.EqualTo(2));
            Assert.That(hello.MacAddresses, Is.EqualTo(new[] { "02:00:00:00:00:99" }));
            Assert.That(hello.Ipv4Addresses, Is.EqualTo(new[] { "10.0.0.99" }));
            Assert.That(hello.Modules, Is.Empty);
        });
        await stream.AttachAsync(node.Port);
        await stream.SendAsync(InstallMark());
        await stream.ReportAsync(ModuleState.Installing);
        await stream.ReportAsync(ModuleState.Active);

        node.Port.Send(TestFrames.Udp("id=7 stamp=00"));
        Assert.That(TestFrames.PayloadText(node.Port.Receive()), Is.EqualTo("id=7 stamp=01"));

        Heartbeat heartbeat;
        do
            heartbeat = (await stream.ReadAsync(NodeMessage.BodyOneofCase.Heartbeat)).Heartbeat;
        while (heartbeat.Modules.Single().Counters["marked"] == 0);
        Assert.That(heartbeat.FramesReceived, Is.EqualTo(2), "the challenge and the packet");
        Assert.That(heartbeat.FramesSent, Is.EqualTo(2), "the attach frame and the packet");
    }

    [Test]
    public async Task Challenge_that_is_forged_is_not_answered()
    {
        await using RunningNode node = new(_controller.Address);
        NodeStream stream = await _controller.AcceptAsync();
        await stream.WelcomeAsync();
        await stream.NonceAsync(1);
        node.Port.Receive();
        node.Port.Send(NodeStream.Challenge(3, 1, 0x66, [.. NodeStream.Key.Reverse()]), NodeStream.Challenge(3, 1, 0x22, NodeStream.Key));
        ChallengeAnswer answer = (await stream.ReadAsync(NodeMessage.BodyOneofCase.Challenge)).Challenge;
        Assert.That(answer.Challenge.ToByteArray(), Is.EqualTo(NodeStream.Filled(0x22)), "the first answer is to the true challenge");
    }

    [Test]
    public async Task Probe_is_answered_out_of_the_port_also_when_the_stream_has_ended()
    {
        await using RunningNode node = new(_controller.Address);
        NodeStream stream = await _controller.AcceptAsync();
        await stream.AttachAsync(node.Port, id: 3, epoch: 9);
        node.Port.Send(NodeStream.Probe(3, 9, 0x44, NodeStream.Key));
        Assert.That(NodeStream.IsReply(node.Port.Receive(), 3, 9, 0x44), Is.True);
        stream.End();
        await _controller.AcceptAsync();
        node.Port.Send(NodeStream.Probe(3, 9, 0x45, NodeStream.Key));
        Assert.That(NodeStream.IsReply(node.Port.Receive(), 3, 9, 0x45), Is.True);
    }

    [Test]
    public async Task Flow_that_its_module_has_seen_enough_of_is_told_to_the_controller()
    {
        await using RunningNode node = new(_controller.Address);
        NodeStream stream = await _controller.AcceptAsync();
        await stream.AttachAsync(node.Port);
        ControllerMessage message = InstallMark();
        message.Install.ModuleId = "NetServ.Modules.NetMonitor_1.0.0";
        Serve(message.Install, _bundles, BundleFiles.Packed("NetServ.Modules.NetMonitor"));
        message.Install.Properties["release-after"] = "2";
        await stream.SendAsync(message);
        Assert.That((await stream.ReportAsync(ModuleState.Active)).Stateless, Is.False);
        node.Port.Send(TestFrames.Udp(fromPort: 1), TestFrames.Udp(fromPort: 2, vlan: 7));
        FlowsReleased released = (await stream.ReadAsync(NodeMessage.BodyOneofCase.FlowsReleased)).FlowsReleased;
        Assert.That(released, Is.EqualTo(new FlowsReleased
        {
            OwnerId = 1,
            Flows = { new Flow { Protocol = 17, SourceAddress = TestFrames.Client.Value, DestinationAddress = TestFrames.Server.Value, SourcePort = 2, DestinationPort = 5060, Vlan = 7 } },
        }));
    }

    [Test]
    public async Task Nonce_that_leads_to_nothing_is_replaced()
    {
        await using RunningNode node = new(_controller.Address);
        NodeStream stream = await _controller.AcceptAsync();
        await stream.WelcomeAsync();
        await stream.NonceAsync(1, validMs: 100);
        node.Port.Receive();
        await stream.ReadAsync(NodeMessage.BodyOneofCase.NonceRequest);
        await stream.NonceAsync(2);
        Assert.That(NodeStream.IsAttach(node.Port.Receive(), 3, 1, 2), Is.True);
    }

    [Test]
    public async Task Packets_flow_on_without_a_controller_and_the_next_stream_hears_what_runs()
    {
        await using RunningNode node = new(_controller.Address);
        NodeStream first = await _controller.AcceptAsync();
        await first.AttachAsync(node.Port);
        await first.SendAsync(InstallMark());
        await first.ReportAsync(ModuleState.Active);
        int port = _controller.Address.Port;
        await _controller.DisposeAsync();

        node.Port.Send(TestFrames.Udp("stamp=00"));
        Assert.That(TestFrames.PayloadText(node.Port.Receive()), Is.EqualTo("stamp=01"));

        _controller = await FakeController.StartAsync(port);
        NodeStream second = await _controller.AcceptAsync();
        ModuleReport running = (await second.HelloAsync()).Modules.Single();
        Assert.That(running.OwnerId, Is.EqualTo(1));
        Assert.That(running.State, Is.EqualTo(ModuleState.Active));
        Assert.That(running.Counters["marked"], Is.EqualTo(1));
        await second.AttachAsync(node.Port, epoch: 2);
        await second.SendAsync(InstallMark());
        await second.ReportAsync(ModuleState.Active);
        Assert.That(_bundles.Asked("/mark.nupkg"), Is.EqualTo(1), "nothing was installed anew");
    }

    // Two machines with one name send each other away; without growing pauses they would do so many times a second.
    [Test]
    public async Task Node_that_is_sent_away_comes_back_ever_more_slowly()
    {
        await using RunningNode node = new(_controller.Address);
        long first = Environment.TickCount64;
        for (int i = 0; i < 5; i++)
        {
            NodeStream stream = await _controller.AcceptAsync();
            await stream.HelloAsync();
            await stream.WelcomeAsync();
            await stream.SendAsync(new ControllerMessage { Refused = new Refused { Code = "replaced", Text = "another stream was opened" } });
            stream.End();
        }
        Assert.That(Environment.TickCount64 - first, Is.GreaterThan(2500));
    }

    [Test]
    public async Task Removed_module_is_reported_and_late_packets_pass_unprocessed()
    {
        await using RunningNode node = new(_controller.Address);
        NodeStream stream = await _controller.AcceptAsync();
        await stream.AttachAsync(node.Port);
        await stream.SendAsync(InstallMark());
        await stream.ReportAsync(ModuleState.Active);
        await stream.SendAsync(new ControllerMessage { Remove = new RemoveModule { OwnerId = 1, DrainMs = 500 } });
        await stream.ReportAsync(ModuleState.Stopping);
        await stream.ReportAsync(ModuleState.Removed);
        node.Port.Send(TestFrames.Udp("stamp=00"));
        Assert.That(TestFrames.PayloadText(node.Port.Receive()), Is.EqualTo("stamp=00"));
    }

    private static IEnumerable<TestCaseData> Refusals()
    {
        yield return Refusal("unreachable-url", "404", (m, b) => m.Url = b.Url("/nowhere"));
        yield return Refusal("wrong-checksum", "SHA-256", (m, b) => m.Checksum = ByteString.CopyFrom(new byte[32]));
        yield return Refusal("not-a-bundle", "no NuGet package", (m, b) => Serve(m, b, "plain text"u8.ToArray()));
        yield return Refusal("not-a-bundle", "no NuGet package", (m, b) => Serve(m, b, BundleFiles.Mark[..^100]));
        yield return Refusal("bundle-too-large", "--bundle-limit", (m, b) => Serve(m, b, new byte[5 * 1024 * 1024]));
        yield return Refusal("missing-dependency", "dependencies: Other_1.0", (m, b) => m.Dependencies.Add("Other_1.0"));
        yield return Refusal("module-start-failed", "property stamp", (m, b) => m.Properties["stamp"] = "wrong");
        yield return Refusal("malformed-header", "filter-port", (m, b) => m.Filter.Protocol = 0);
        yield return Refusal("malformed-header", "filter-ipv4", (m, b) => m.Filter.PrefixLength = 33);
        yield return Refusal("malformed-header", "filter-src-ipv4", (m, b) => m.Filter.SourcePrefixLength = 33);
        yield return Refusal("malformed-header", "filter-src-port", (m, b) => m.Filter.SourcePort = 65536);
        yield return Refusal("malformed-header", "filter-direction", (m, b) => m.Filter.Direction = (FilterDirection)9);
        yield return Refusal("malformed-header", "fragments", (m, b) => m.Filter.Fragments = (FragmentMode)9);
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task Module_that_cannot_be_installed_is_reported_with_code_field_and_way_out(string code, string text, object change)
    {
        await using RunningNode node = new(_controller.Address);
        NodeStream stream = await _controller.AcceptAsync();
        await stream.AttachAsync(node.Port);
        ControllerMessage message = InstallMark();
        ((Action<InstallModule, BundleServer>)change)(message.Install, _bundles);
        await stream.SendAsync(message);
        ModuleReport report = await stream.ReportAsync(ModuleState.Failed);
        Assert.That(report.Code, Is.EqualTo(code));
        Assert.That(report.Text, Does.Contain(text).And.Match("^[a-z0-9-]+: .*; .*\\.$"), "field, what is wrong, way out");
        Assert.That((await stream.ReadAsync(NodeMessage.BodyOneofCase.Heartbeat)).Heartbeat.Modules, Is.Empty);
    }

    [Test]
    public async Task Node_that_is_stopped_announces_it_and_ends_well_when_the_controller_ends_the_stream()
    {
        RunningNode node = new(_controller.Address);
        NodeStream stream = await _controller.AcceptAsync();
        await stream.AttachAsync(node.Port);
        node.Stop();
        await stream.ReadAsync(NodeMessage.BodyOneofCase.Leaving);
        Assert.That(await node.Run.WaitAsync(TimeSpan.FromSeconds(10)), Is.Zero);
        await node.DisposeAsync();
    }

    [Test]
    public async Task Node_whose_port_closes_ends_with_exit_code_1()
    {
        await using RunningNode node = new(_controller.Address);
        NodeStream stream = await _controller.AcceptAsync();
        await stream.AttachAsync(node.Port);
        node.CutCable();
        Assert.That(await node.Run.WaitAsync(TimeSpan.FromSeconds(10)), Is.EqualTo(1));
    }

    private static TestCaseData Refusal(string code, string text, Action<InstallModule, BundleServer> change) =>
        new TestCaseData(code, text, change).SetArgDisplayNames(code, text);

    private static void Serve(InstallModule message, BundleServer bundles, byte[] bytes)
    {
        message.Url = bundles.Serve("/odd", bytes);
        message.Checksum = ByteString.CopyFrom(BundleFiles.Checksum(bytes));
    }

    private ControllerMessage InstallMark() => new()
    {
        Install = new InstallModule
        {
            OwnerId = 1,
            User = "alice",
            ModuleId = BundleFiles.MarkId,
            Url = _bundles.Serve("/mark.nupkg", BundleFiles.Mark),
            Checksum = ByteString.CopyFrom(BundleFiles.Checksum(BundleFiles.Mark)),
            Filter = new Filter { Protocol = 17, Port = 5060, Address = TestFrames.Server.Value, PrefixLength = 32 },
        },
    };
}

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

    private ControllerMessage InstallMark(uint owner = 1, byte[]? bundle = null) => new()
    {
        Install = new InstallModule
        {
            OwnerId = owner,
            User = "alice",
            ModuleId = BundleFiles.MarkId,
            Url = _bundles.Serve("/mark.nupkg", bundle ?? BundleFiles.Mark),
            Checksum = ByteString.CopyFrom(BundleFiles.Checksum(BundleFiles.Mark)),
            Filter = new Filter { Protocol = 17, Port = 5060, Address = TestFrames.Server.Value, PrefixLength = 32 },
        },
    };
}

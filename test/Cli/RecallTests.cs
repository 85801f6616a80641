using Grpc.Core;

namespace NetServ.Cli.Tests;

public class RecallTests
{
    private FakeController _controller = null!;

    [SetUp]
    public async Task StartController() => _controller = await FakeController.StartAsync();

    [TearDown]
    public async Task StopController() => await _controller.DisposeAsync();

    [TestCase(0u, "0 flows are called back\n")]
    [TestCase(1u, "1 flow is called back\n")]
    [TestCase(2u, "2 flows are called back\n")]
    public async Task It_tells_how_many(uint flows, string text)
    {
        _controller.Operator.RecalledFlows = flows;
        CliRun run = await Run("udp,tp_dst=5060");
        Assert.That((run.Exit, run.Out, run.Error), Is.EqualTo((0, text, "")));
        Assert.That(_controller.Operator.Recalled!.Flows, Is.EqualTo("udp,tp_dst=5060"));
    }

    [Test]
    public async Task What_the_controller_cannot_read_is_a_bad_option()
    {
        _controller.Operator.Failure = new RpcException(new Status(StatusCode.InvalidArgument, "nw_src: 'x' is no IPv4 address"));
        CliRun run = await Run("udp,nw_src=x");
        Assert.That((run.Exit, run.Out), Is.EqualTo((2, "")));
        Assert.That(run.Error, Does.Contain("nw_src: 'x' is no IPv4 address"));
    }

    [TestCase]
    [TestCase("udp", "tcp")]
    public async Task Which_flows_is_said_once(params string[] flows)
    {
        CliRun run = await Run(flows);
        Assert.That(run.Exit, Is.EqualTo(2));
        Assert.That(run.ErrorLines[0], Does.StartWith("netserv recall: say which FLOWS"));
        Assert.That(_controller.Operator.Recalled, Is.Null);
    }

    private Task<CliRun> Run(params string[] arguments) => CliRun.Of(["recall", .. arguments, "--controller", _controller.Url]);
}

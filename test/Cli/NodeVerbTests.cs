using NetServ.Coordination;

namespace NetServ.Cli.Tests;

public class NodeVerbTests
{
    private FakeController _controller = null!;

    [SetUp]
    public async Task StartController()
    {
        _controller = await FakeController.StartAsync();
        _controller.Operator.Nodes.Add(new NodeInfo { Name = "node1", State = "attached" });
    }

    [TearDown]
    public async Task StopController() => await _controller.DisposeAsync();

    [TestCase(60_000u)]
    [TestCase(0u, "--within", "0")]
    [TestCase(90_000u, "--within", "90")]
    public async Task Drain_waits_for_the_end_and_tells_it(uint within, params string[] more)
    {
        CliRun run = await Run(["drain", "node1", .. more]);
        Assert.That((run.Exit, run.Out, run.Error), Is.EqualTo((0, "node node1 is drained\n", "")));
        Assert.That((_controller.Operator.Drained!.WithinMs, _controller.Operator.Drained.Resume), Is.EqualTo((within, false)));
    }

    [Test]
    public async Task Resume_puts_it_back()
    {
        CliRun run = await Run("resume", "node1");
        Assert.That((run.Exit, run.Out), Is.EqualTo((0, "node node1 is attached\n")));
        Assert.That(_controller.Operator.Drained!.Resume, Is.True);
    }

    [Test]
    public async Task A_refusal_is_one_line_and_exit_1()
    {
        CliRun run = await Run("drain", "node9");
        Assert.That((run.Exit, run.Out, run.Error), Is.EqualTo((1, "", "no-node: node 'node9' is not configured\n")));
    }

    [TestCase("drain")]
    [TestCase("drain", "a", "b")]
    [TestCase("resume")]
    public async Task One_node_is_named(params string[] arguments)
    {
        CliRun run = await Run(arguments);
        Assert.That(run.Exit, Is.EqualTo(2));
        Assert.That(run.ErrorLines[0], Is.EqualTo($"netserv node {arguments[0]}: write the NAME of one node; 'netserv nodes' lists them"));
        Assert.That(_controller.Operator.Drained, Is.Null);
    }

    [TestCase("-1")]
    [TestCase("soon")]
    [TestCase("86401")]
    public async Task Within_is_a_time(string within)
    {
        CliRun run = await Run("drain", "node1", "--within", within);
        Assert.That((run.Exit, run.ErrorLines[0]), Is.EqualTo((2, $"netserv node drain: --within: '{within}' is not a time; write seconds from 0 to 86400")));
    }

    private Task<CliRun> Run(params string[] arguments) => CliRun.Of(["node", .. arguments, "--controller", _controller.Url]);
}

using System.Text.Json;
using NetServ.Coordination;

namespace NetServ.Cli.Tests;

public class CheckTests
{
    private FakeController _controller = null!;

    [SetUp]
    public async Task StartController() => _controller = await FakeController.StartAsync();

    [TearDown]
    public async Task StopController() => await _controller.DisposeAsync();

    [Test]
    public async Task A_proof_is_exit_0_and_its_verdict_the_last_line()
    {
        _controller.Operator.CheckReply.Gaps.Add(new GapInfo { Kind = "ipv6", Text = "IPv6 passes" });
        CliRun run = await Run("--steps", "500");
        Assert.That((run.Exit, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.OutLines[1..], Is.EqualTo(new[] { "gap: IPv6 passes", "proven: nothing" }));
        Assert.That(_controller.Operator.Checked!.Steps, Is.EqualTo(500));
    }

    [Test]
    public async Task A_finding_is_exit_1_and_told_with_the_way_of_a_packet()
    {
        CheckReply reply = new() { Verdict = "1 wrong" };
        reply.Findings.Add(new FindingInfo { Kind = "black hole", Text = "s1:3: is lost", Count = 2, Witness = TraceTests.Steered() });
        _controller.Operator.CheckReply = reply;
        CliRun run = await Run();
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.OutLines[1..3], Is.EqualTo(new[] { "wrong: black hole: s1:3: is lost (2 sets of packets)", "    udp,tp_dst=5060 enters at s1:1" }));
        Assert.That((await Run("--brief")).OutLines, Has.Length.EqualTo(3));
        JsonElement finding = JsonElement.Parse((await Run("--json")).Out).GetProperty("findings")[0];
        Assert.That((finding.GetProperty("kind").GetString(), finding.GetProperty("witness").GetProperty("hops").GetArrayLength()), Is.EqualTo(("black hole", 2)));
    }

    [Test]
    public async Task What_is_not_proven_is_told_and_exit_1()
    {
        _controller.Operator.CheckReply = new CheckReply { Clean = true, Verdict = "nothing wrong found, but not all is proven", NotProven = { "what enters at s1:1" } };
        CliRun run = await Run();
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.OutLines[1..], Is.EqualTo(new[] { "not proven: what enters at s1:1", "nothing wrong found, but not all is proven" }));
    }

    [TestCase("0")]
    [TestCase("many")]
    public async Task Steps_are_a_number_of_sets(string steps)
    {
        CliRun run = await Run("--steps", steps);
        Assert.That((run.Exit, run.Out), Is.EqualTo((2, "")));
        Assert.That(run.ErrorLines[0], Does.StartWith($"netserv check: --steps: '{steps}' is not a number"));
    }

    private Task<CliRun> Run(params string[] arguments) => CliRun.Of(["check", .. arguments, "--controller", _controller.Url]);
}

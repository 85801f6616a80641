using System.Text.Json;
using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Operator;

/// <summary><c>netserv check</c> proves a healthy network, and finds a rule that somebody spoiled, on both switches.</summary>
[Parallelizable]
public class CheckTests
{
    private SteeredFlow _flow = null!;

    [TearDown]
    public async Task Stop() => await _flow.DisposeAsync();

    [Test]
    public async Task A_healthy_network_is_proven([Values] bool ovs)
    {
        _flow = await SteeredFlow.StartAsync(ovs, nodes: 2);
        NetServRun run = await _flow.Deployment.CliAsync("check");
        Assert.That(run.Exit, Is.Zero, run.Out + run.Error);
        Assert.That(run.OutLines[^1], Does.StartWith("proven: "));
        Assert.That(run.Out, Does.StartWith("1 switch, ").And.Contain("gap: "));
    }

    [Test]
    public async Task A_rule_above_that_leads_past_the_module_is_found_with_a_packet([Values] bool ovs)
    {
        _flow = await SteeredFlow.StartAsync(ovs);
        _flow.Ofctl("add-flow", "cookie=0x77,priority=65000,udp,in_port=1,tp_dst=5060,actions=output:2");
        JsonElement finding = Only(await CheckAsync(), "unprocessed");
        Assert.That(finding.GetProperty("text").GetString(), Does.Contain(Bundles.MarkId).And.Contain("rule of another").And.Contain("tp_dst=5060"));
        Assert.That(finding.GetProperty("witness").GetProperty("packet").GetString(), Does.StartWith("udp,").And.Contain("tp_dst=5060"));
        JsonElement[] hops = [.. finding.GetProperty("witness").GetProperty("hops").EnumerateArray()];
        Assert.That(hops[0].GetProperty("departures")[0].GetProperty("end").GetString(), Is.EqualTo("delivered"));
    }

    [Test]
    public async Task A_steering_rule_with_the_wrong_priority_lets_its_flow_pass([Values] bool ovs)
    {
        _flow = await SteeredFlow.StartAsync(ovs);
        string rule = RuleLike("priority=40000");
        string match = rule[(rule.IndexOf(',') + 1)..rule.IndexOf(" actions", StringComparison.Ordinal)];
        _flow.Ofctl("add-flow", $"cookie={CookieLike("priority=40000")},priority=300,{match},actions=output:3");
        _flow.Ofctl("del-flows", $"priority=40000,{match}", "--strict");
        // What makes the low rule count: somebody's rule between the two.
        _flow.Ofctl("add-flow", "cookie=0x77,priority=39000,udp,in_port=1,nw_dst=10.0.0.1,actions=output:2");
        JsonElement report = await CheckAsync();
        Only(report, "unprocessed");
        bool[] shadowed = [.. report.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("kind").GetString() == "shadowed").Select(f => f.GetProperty("warning").GetBoolean())];
        Assert.That(shadowed, Is.Not.Empty.And.All.True);
    }

    [Test]
    public async Task A_return_rule_that_leads_nowhere_is_a_black_hole([Values] bool ovs)
    {
        _flow = await SteeredFlow.StartAsync(ovs);
        // One that is missing is put back at once: the switch tells that it is gone.
        string rule = RuleLike("priority=50000");
        _flow.Ofctl("mod-flows", $"cookie={CookieLike("priority=50000")},{rule[..rule.IndexOf(" actions", StringComparison.Ordinal)]},actions=drop", "--strict");
        JsonElement finding = Only(await CheckAsync(), "black hole");
        Assert.That(finding.GetProperty("text").GetString(), Does.StartWith("s1:3: ").And.Contain("return rule"));
        Assert.That(finding.GetProperty("witness").GetProperty("hops").GetArrayLength(), Is.EqualTo(2), "to the node, and back to where it is dropped");
    }

    [Test]
    public async Task A_proof_that_was_not_had_is_no_clean_check()
    {
        _flow = await SteeredFlow.StartAsync(ovs: false);
        NetServRun run = await _flow.Deployment.CliAsync("check", "--steps", "1");
        Assert.That(run.Exit, Is.EqualTo(1), run.Out + run.Error);
        Assert.That(run.Out, Does.Contain("not proven: "));
        Assert.That(run.OutLines[^1], Is.EqualTo("nothing wrong found, but not all is proven"));
    }

    private static JsonElement Only(JsonElement report, string kind)
    {
        JsonElement[] wrong = [.. report.GetProperty("findings").EnumerateArray().Where(f => !f.GetProperty("warning").GetBoolean())];
        Assert.That(wrong, Is.Not.Empty, report.ToString());
        Assert.That(wrong.Select(f => f.GetProperty("kind").GetString()), Is.All.EqualTo(kind), report.ToString());
        return wrong[0];
    }

    private async Task<JsonElement> CheckAsync()
    {
        NetServRun run = await _flow.Deployment.CliAsync("check", "--json");
        JsonElement report = JsonDocument.Parse(run.Out).RootElement;
        Assert.That(run.Exit, Is.EqualTo(report.GetProperty("clean").GetBoolean() ? 0 : 1), run.Error);
        return report;
    }

    private string RuleLike(string text) => LineLike(text) is var line ? line[line.IndexOf("priority=", StringComparison.Ordinal)..].Trim() : "";

    private string CookieLike(string text) => LineLike(text) is var line ? line[(line.IndexOf("cookie=", StringComparison.Ordinal) + 7)..line.IndexOf(", duration", StringComparison.Ordinal)] : "";

    private string LineLike(string text) => _flow.Ofctl("dump-flows").Split('\n').First(line => line.Contains(text, StringComparison.Ordinal));
}

using System.Text.Json;

namespace NetServ.System.Tests.Demo;

/// <summary>The main job, by the numbers that the demo measures on the wires: on the emulated switch and on Open vSwitch.</summary>
public class DemoTests
{
    private static readonly string[] s_switches = ["emulated", "ovs"];

    [Test]
    public async Task Exactly_the_named_flows_take_the_detour([ValueSource(nameof(s_switches))] string @switch)
    {
        DemoResult run = await DemoResult.OfAsync(2000, "--nodes", "3", "--flows", "300", "--module", "mark", "--switch", @switch);
        Assert.Multiple(() =>
        {
            HoldsEverywhere(run);
            JsonElement installed = run.Phase("installed");
            Assert.That(installed.Long("matchingFlows"), Is.EqualTo(300));
            Assert.That(installed.Long("matchingThroughNodes"), Is.GreaterThanOrEqualTo(300));
            Assert.That(installed.GetProperty("packetInsPerMatchingFlow").Long("max"), Is.LessThanOrEqualTo(2));
            Assert.That(installed.Long("flowsOnSeveralNodes"), Is.Zero);
            long[] shares = [.. installed.GetProperty("perNode").EnumerateObject().Select(n => n.Value.GetInt64())];
            Assert.That(run.Phases.Select(p => p.Long("reordered")), Is.All.Zero);
            Assert.That(shares, Has.Length.EqualTo(3));
            Assert.That(shares.Sum(), Is.EqualTo(300));
            Assert.That(shares, Is.All.LessThanOrEqualTo(1.1 * 300 / 3));
            Assert.That(run["switch"].GetString(), Is.EqualTo(@switch));
        });
    }

    [Test]
    public async Task A_burst_of_a_new_flow_is_delivered_once_with_one_placement_and_two_FlowMods_at_most([ValueSource(nameof(s_switches))] string @switch)
    {
        DemoResult run = await DemoResult.OfAsync(4000, "--burst", "64", "--flows", "12", "--module", "mark", "--switch", @switch);
        Assert.Multiple(() =>
        {
            HoldsEverywhere(run);
            JsonElement installed = run.Phase("installed");
            Assert.That(installed.Long("sent"), Is.GreaterThanOrEqualTo(12 * 64));
            Assert.That(installed.Long("delivered"), Is.EqualTo(installed.Long("sent")));
            Assert.That(installed.Long("flowsOnSeveralNodes"), Is.Zero);
            Assert.That(installed.GetProperty("flowModsPerMatchingFlow").Long("max"), Is.LessThanOrEqualTo(2));
        });
    }

    [Test]
    public async Task A_module_that_answers_keepalives_spares_the_server([ValueSource(nameof(s_switches))] string @switch)
    {
        DemoResult run = await DemoResult.OfAsync(1000, "--module", "keepalive", "--flows", "12", "--switch", @switch);
        Assert.Multiple(() =>
        {
            HoldsEverywhere(run);
            JsonElement installed = run.Phase("installed");
            Assert.That(installed.Long("answeredByModule"), Is.Positive);
            Assert.That(installed.Long("delivered") + installed.Long("answeredByModule"), Is.EqualTo(installed.Long("sent")));
            Assert.That(run.Phase("before").Long("answeredByModule"), Is.Zero);
            Assert.That(run.Phase("removed").Long("answeredByModule"), Is.Zero);
        });
    }

    [Test]
    public async Task A_module_that_only_counts_changes_nothing_for_anybody([ValueSource(nameof(s_switches))] string @switch)
    {
        DemoResult run = await DemoResult.OfAsync(1000, "--module", "netmonitor", "--flows", "12", "--switch", @switch);
        Assert.Multiple(() =>
        {
            HoldsEverywhere(run);
            JsonElement installed = run.Phase("installed");
            Assert.That(installed.Long("delivered"), Is.EqualTo(installed.Long("sent")));
            Assert.That(installed.Long("matchingThroughNodes"), Is.Positive);
        });
    }

    // What every run shows, whatever module and switch.
    private static void HoldsEverywhere(DemoResult run)
    {
        foreach (JsonElement phase in run.Phases)
        {
            string name = phase.Text("name");
            foreach (string field in (string[])["lost", "duplicated", "unprocessed", "processedTwice", "otherThroughNodes", "packetInsAfterSettled"])
                Assert.That(phase.Long(field), Is.Zero, $"{name}.{field}");
            Assert.That(phase.Long("sent"), Is.Positive, name);
            if (name != "installed")
                Assert.That(phase.Long("matchingThroughNodes"), Is.Zero, $"{name}.matchingThroughNodes");
        }
        JsonElement setup = run.Transition("setup");
        Assert.That(setup.Long("runningFlows"), Is.Positive);
        Assert.That(setup.Double("steeredAfterMs"), Is.LessThanOrEqualTo(100));
        Assert.That(setup.Double("steeredAfterAskedMs"), Is.Positive, "a flow cannot be steered before anybody asked");
        foreach (JsonElement transition in run.Transitions)
        {
            Assert.That(transition.Long("lost"), Is.Zero, $"{transition.Text("name")}.lost");
            Assert.That(transition.Long("duplicated"), Is.Zero, $"{transition.Text("name")}.duplicated");
            Assert.That(transition.Long("sent"), Is.Positive, $"{transition.Text("name")}.sent");
        }
        Assert.That(run["control"].Long("lost"), Is.Zero);
        Assert.That(run["portCounters"].GetProperty("differences").GetArrayLength(), Is.Zero);
        Assert.That(run["failed"].GetArrayLength(), Is.Zero);
    }
}

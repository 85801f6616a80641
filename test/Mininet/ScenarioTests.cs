namespace NetServ.Mininet.Tests;

/// <summary>The scenarios of mininet-scripts on real Open vSwitch: a machine's processors are too few for two at a time.</summary>
[NonParallelizable]
public sealed class ScenarioTests
{
    [TestCase("single")]
    [TestCase("line")]
    [TestCase("looped")]
    [TestCase("fattree")]
    public async Task A_scenario_holds_and_leaves_nothing(string name)
    {
        using Scenario scenario = new(name);
        int exit = await scenario.EndAsync();
        await TestContext.Out.WriteLineAsync(scenario.Text);
        Assert.That(exit, Is.Zero, scenario.Text);
        Assert.That(scenario.Text, Does.Contain($"{name}: held"));
        Assert.That(scenario.Left(), Is.Empty);
    }

    [Test]
    public async Task A_scenario_that_is_interrupted_leaves_nothing()
    {
        using Scenario scenario = new("line");
        if (await scenario.PrintsAsync("is active on"))
            await scenario.InterruptAsync();
        Assert.That(await scenario.EndAsync(), Is.EqualTo(130), scenario.Text);
        Assert.That(scenario.Text, Does.Contain("interrupted").And.Not.Contain("left behind"));
        Assert.That(scenario.Left(), Is.Empty);
    }
}

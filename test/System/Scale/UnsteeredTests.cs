using System.Text.Json;
using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Scale;

/// <summary>Traffic that no filter matches, on both switches: with filters in force it takes the rules that it takes without, and no packet of it goes to the controller.</summary>
public sealed class UnsteeredTests
{
    private const int Flows = 40;
    private const string Forwarding = "forwarding";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private SteeredFlow _flow = null!;

    [TearDown]
    public async Task Stop() => await _flow.DisposeAsync();

    [Test]
    public async Task Flows_beside_the_filters_cost_no_rule_and_no_PACKET_IN([Values] bool ovs)
    {
        _flow = await SteeredFlow.StartAsync(ovs);
        Deployment deployment = _flow.Deployment;
        await RunAsync("setup", deployment.Mark("bob", 5062, "--filter-direction", "both"));
        // Client to server has its rule already.
        deployment.Server.Send(deployment.Client, 9, "hello");
        Assert.That(deployment.Client.Receive(9), Is.EqualTo("hello"));
        Dictionary<string, long> before = await RulesAsync();
        Assert.That(before.Keys, Has.Some.StartsWith("catch ").And.Some.StartsWith("steering "));
        int sent = Talk(deployment);
        Dictionary<string, long> beside = await RulesOnceCountedAsync(Forwarded(before) + sent);
        TestContext.Out.WriteLine($"{sent} packets of {2 * Flows} flows beside 2 filters: {beside.Count - before.Count} rules more, {sent - (Forwarded(beside) - Forwarded(before))} at the controller");
        Assert.That(beside.Keys, Is.EquivalentTo(before.Keys));
        foreach ((string rule, long packets) in beside.Where(r => r.Key.StartsWith("catch ", StringComparison.Ordinal)))
            Assert.That(packets, Is.EqualTo(before[rule]), rule);

        foreach (string user in (string[])["alice", "bob"])
            await RunAsync("remove", "--user", user, "--key", deployment.At($"{user}.key"), "--module", Bundles.MarkId);
        // A direct rule that was sent once more counts from zero.
        Dictionary<string, long> removed = await RulesAsync();
        Talk(deployment);
        Dictionary<string, long> without = await RulesOnceCountedAsync(Forwarded(removed) + sent);
        Assert.That(without.Keys, Has.None.StartsWith("catch ").And.None.StartsWith("steering "));
        Assert.That(without.Keys.Where(IsForwarding), Is.EquivalentTo(beside.Keys.Where(IsForwarding)));
    }

    // New flows every time, by ports below and above those of the filters.
    private static int Talk(Deployment deployment)
    {
        int sent = 0;
        foreach ((Host from, Host to) in (ReadOnlySpan<(Host, Host)>)[(deployment.Client, deployment.Server), (deployment.Server, deployment.Client)])
        {
            for (int i = 0; i < Flows; i++, sent++)
            {
                ushort port = (ushort)(i % 2 == 0 ? SteeredFlow.Port - 1 : SteeredFlow.Port + 1);
                from.Send(to, port, "stamp=00", (ushort)(50_000 + i));
                Assert.That(to.Receive(port), Is.EqualTo("stamp=00"));
            }
        }
        return sent;
    }

    private static bool IsForwarding(string rule) => rule.StartsWith($"{Forwarding} ", StringComparison.Ordinal);

    private static long Forwarded(Dictionary<string, long> rules) => rules.Where(r => IsForwarding(r.Key)).Sum(r => r.Value);

    // Open vSwitch counts up to a second later. What went to the controller is never counted by a forwarding rule.
    private async Task<Dictionary<string, long>> RulesOnceCountedAsync(long forwarded)
    {
        long until = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        Dictionary<string, long> rules;
        do
            rules = await RulesAsync();
        while (Forwarded(rules) < forwarded && Environment.TickCount64 < until);
        Assert.That(Forwarded(rules), Is.EqualTo(forwarded), "packets that forwarding rules took");
        return rules;
    }

    private async Task<Dictionary<string, long>> RulesAsync()
    {
        NetServRun run = await RunAsync("flows", "--diff", "--json");
        using JsonDocument document = JsonDocument.Parse(run.Out);
        return document.RootElement.EnumerateArray().ToDictionary(r => $"{r.GetProperty("kind")} {r.GetProperty("match")} -> {r.GetProperty("found")}", r => r.GetProperty("packets").GetInt64());
    }

    private async Task<NetServRun> RunAsync(string verb, params string[] arguments)
    {
        NetServRun run = await _flow.Deployment.CliAsync(verb, arguments);
        Assert.That(run.Exit, Is.Zero, run.Error);
        return run;
    }
}

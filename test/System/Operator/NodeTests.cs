using System.Text.Json;
using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Operator;

/// <summary>An operator takes a node out of service and back, and sees what his nodes and modules do.</summary>
[Parallelizable]
public class NodeTests
{
    private SteeredFlow _flow = null!;

    [TearDown]
    public async Task Stop() => await _flow.DisposeAsync();

    [Test]
    public async Task A_drained_node_gets_no_packets_until_it_is_resumed_and_nothing_is_lost_meanwhile([Values] bool ovs)
    {
        _flow = await SteeredFlow.StartAsync(ovs, nodes: 2);
        string busy = await NodeWithFlowsAsync();
        NetServRun drain = await _flow.Deployment.CliAsync("node", "drain", busy, "--within", "0");
        Assert.That((drain.Exit, drain.Error), Is.EqualTo((0, "")));
        Assert.That(drain.Out, Does.StartWith($"node {busy} is drained: nothing goes there any more, 1 flows were moved"));
        for (int i = 0; i < 10; i++)
            Assert.That(_flow.Deployment.Pass(SteeredFlow.Port), Is.EqualTo("stamp=01"));
        JsonElement drained = await NodeAsync(busy);
        Assert.That((drained.GetProperty("state").GetString(), drained.GetProperty("flows").GetInt32()), Is.EqualTo(("drained", 0)));
        NetServRun trace = await _flow.Deployment.CliAsync("trace", "udp,nw_src=10.0.0.11,nw_dst=10.0.0.1,tp_src=40000,tp_dst=5060,dl_src=02:00:0a:00:00:0b,dl_dst=02:00:0a:00:00:01");
        Assert.That(trace.Out, Does.Contain("steering rule").And.Not.Contain(busy));
        NetServRun resume = await _flow.Deployment.CliAsync("node", "resume", busy);
        Assert.That((resume.Exit, resume.Out), Is.EqualTo((0, $"node {busy} takes flows again\n")));
        Assert.That((await NodeAsync(busy)).GetProperty("state").GetString(), Is.EqualTo("attached"));
    }

    [Test]
    public async Task Who_drains_a_node_that_is_not_there_is_told()
    {
        _flow = await SteeredFlow.StartAsync(ovs: false);
        NetServRun run = await _flow.Deployment.CliAsync("node", "drain", "node7");
        Assert.That((run.Exit, run.Out), Is.EqualTo((1, "")));
        Assert.That(run.Error, Does.Contain("node 'node7' is not configured").And.Contain("netserv nodes"));
    }

    [Test]
    public async Task Who_lists_a_switch_that_is_not_there_is_told()
    {
        _flow = await SteeredFlow.StartAsync(ovs: false);
        foreach (string[] verb in (string[][])[["flows"], ["flows", "--diff"], ["hosts"], ["clean"]])
        {
            NetServRun run = await _flow.Deployment.CliAsync(verb[0], [.. verb[1..], "--dpid", "9"]);
            Assert.That((run.Exit, run.Out), Is.EqualTo((1, "")));
            Assert.That(run.Error, Is.EqualTo($"netserv {verb[0]}: switch 0000000000000009 is not connected; 'netserv switches' lists those that are\n"));
        }
    }

    [Test]
    public async Task Nodes_show_bound_and_probes_modules_their_terms_and_flows_whose_they_are()
    {
        _flow = await SteeredFlow.StartAsync(ovs: false, nodes: 2);
        JsonElement node = await NodeAsync(await NodeWithFlowsAsync());
        Assert.That((node.GetProperty("bound").GetInt32(), node.GetProperty("excess").GetInt32()), Is.EqualTo((1, 0)));
        Assert.That(node.GetProperty("answeredMsAgo").GetInt32(), Is.InRange(0, 800));
        JsonElement terms = (await _flow.Deployment.ListAsync("modules"))[0].GetProperty("terms");
        Assert.That((terms.GetProperty("order").GetInt32(), terms.GetProperty("direction").GetString(), terms.GetProperty("failureMode").GetString()), Is.EqualTo((100, "forward", "open")));
        Assert.That((await _flow.Deployment.CliAsync("flows")).Out, Does.Contain($"a flow of the filter of alice's {Bundles.MarkId}, through node node"));
    }

    [Test]
    public async Task A_filter_whose_only_node_takes_no_flows_or_is_gone_passes_packets_and_that_is_told()
    {
        _flow = await SteeredFlow.StartAsync(ovs: false);
        await AssertTellsAsync("active", told: false);
        await _flow.Deployment.CliAsync("node", "drain", "node1", "--within", "0");
        await AssertTellsAsync("active", told: true);
        await _flow.Deployment.CliAsync("node", "resume", "node1");
        await AssertTellsAsync("active", told: false);
        NetServProcess watch = await _flow.Deployment.WatchAsync();
        await _flow.Deployment.Node(1).StopAsync();
        await watch.WaitForLineAsync("node-gone");
        Assert.That(_flow.Deployment.Pass(SteeredFlow.Port), Is.EqualTo("stamp=00"));
        await AssertTellsAsync("unserved", told: true);
    }

    private async Task AssertTellsAsync(string state, bool told)
    {
        NetServRun check = await _flow.Deployment.CliAsync("check");
        Assert.That(check.Exit, Is.Zero, check.Out);
        Assert.That(check.Out.Contains($"gap: no node that takes flows has alice's {Bundles.MarkId}", StringComparison.Ordinal), Is.EqualTo(told), check.Out);
        Assert.That((await _flow.Deployment.ListAsync("modules"))[0].GetProperty("state").GetString(), Is.EqualTo(state));
    }

    private async Task<string> NodeWithFlowsAsync() =>
        (await _flow.Deployment.ListAsync("nodes")).EnumerateArray().Single(n => n.GetProperty("flows").GetInt32() == 1).GetProperty("name").GetString()!;

    private async Task<JsonElement> NodeAsync(string name) => (await _flow.Deployment.ListAsync("nodes")).EnumerateArray().Single(n => n.GetProperty("name").GetString() == name);
}

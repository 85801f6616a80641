using System.Text.Json;
using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Operator;

/// <summary><c>netserv trace</c> says where a packet goes, on both switches.</summary>
[Parallelizable]
public class TraceTests
{
    private const string Packet = "udp,nw_src=10.0.0.11,nw_dst=10.0.0.1,tp_src=40000,tp_dst=5060,dl_src=02:00:0a:00:00:0b,dl_dst=02:00:0a:00:00:01";

    private SteeredFlow _flow = null!;

    [TearDown]
    public async Task Stop() => await _flow.DisposeAsync();

    [Test]
    public async Task A_steered_packet_is_followed_through_its_node_and_its_module_to_its_destination([Values] bool ovs)
    {
        _flow = await SteeredFlow.StartAsync(ovs);
        JsonElement way = (await TraceAsync(0, "--in-port", "s1:1")).GetProperty("way");
        JsonElement[] hops = [.. way.GetProperty("hops").EnumerateArray()];
        Assert.That(hops.Select(h => h.GetProperty("at").GetString()), Is.EqualTo((string[])["s1:1", "s1:3"]));
        Assert.That(hops[0].GetProperty("rule").GetProperty("what").GetString(), Does.StartWith($"steering rule of alice's {Bundles.MarkId}"));
        JsonElement visit = hops[0].GetProperty("departures")[0], last = hops[1].GetProperty("departures")[0];
        Assert.That(visit.GetProperty("node").GetString(), Is.EqualTo("node1"));
        Assert.That(visit.GetProperty("ran").GetArrayLength(), Is.EqualTo(1));
        Assert.That(hops[1].GetProperty("rule").GetProperty("what").GetString(), Does.StartWith("return rule"));
        Assert.That((last.GetProperty("port").GetString(), last.GetProperty("end").GetString()), Is.EqualTo(("2", "delivered")));
    }

    [Test]
    public async Task Where_a_packet_ends_at_the_controller_its_decision_is_told_and_then_taken()
    {
        _flow = await SteeredFlow.StartAsync(ovs: false);
        string fresh = Packet.Replace("tp_src=40000", "tp_src=40001", StringComparison.Ordinal);
        NetServRun run = await _flow.Deployment.CliAsync("trace", fresh);
        Assert.That(run.Exit, Is.Zero, run.Error);
        Assert.That(run.Out, Does.Contain("enters at s1:1").And.Contain("the controller decides").And.Contain($"it would be: a new flow, steered to node1 by alice's {Bundles.MarkId}"));
        Assert.That((await _flow.Deployment.ListAsync("nodes"))[0].GetProperty("flows").GetInt32(), Is.EqualTo(1), "asking places nothing");
        _flow.Deployment.Client.Send(_flow.Deployment.Server, SteeredFlow.Port, "stamp=00", 40001);
        Assert.That(_flow.Deployment.Server.Receive(SteeredFlow.Port), Is.EqualTo("stamp=01"));
        Assert.That((await _flow.Deployment.CliAsync("trace", fresh)).Out, Does.Contain("steering rule").And.Contain("delivered").And.Not.Contain("the controller decides"));
    }

    [Test]
    public async Task Where_the_switch_has_another_way_than_the_controller_believes_both_are_shown([Values] bool ovs)
    {
        _flow = await SteeredFlow.StartAsync(ovs);
        _flow.Ofctl("add-flow", "cookie=0x77,priority=65000,udp,in_port=1,tp_dst=5060,actions=output:2");
        NetServRun run = await _flow.Deployment.CliAsync("trace", "--in-port", "1:1", Packet);
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.Out, Does.Contain("By the rules on the switches:").And.Contain("rule of another").And.Contain("By what the controller believes").And.Contain("they part at s1:1"));
        JsonElement desired = await TraceAsync(0, "--in-port", "0x1:1", "--desired");
        Assert.That(desired.GetProperty("way").GetProperty("hops").GetArrayLength(), Is.EqualTo(2));
        Assert.That(desired.GetProperty("believed").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task A_packet_that_cannot_be_read_and_a_switch_that_is_not_there_are_told()
    {
        _flow = await SteeredFlow.StartAsync(ovs: false);
        NetServRun packet = await _flow.Deployment.CliAsync("trace", "--in-port", "s1:1", "udp,tp_dst=70000");
        Assert.That((packet.Exit, packet.Out), Is.EqualTo((2, "")));
        Assert.That(packet.Error, Does.StartWith("netserv trace: ").And.Contain("tp_dst"));
        NetServRun where = await _flow.Deployment.CliAsync("trace", "--in-port", "s9:1", Packet);
        Assert.That((where.Exit, where.Error), Is.EqualTo((1, "netserv trace: switch s9 is not connected; 'netserv switches' lists those that are\n")));
    }

    private async Task<JsonElement> TraceAsync(int exit, params string[] more)
    {
        NetServRun run = await _flow.Deployment.CliAsync("trace", [.. more, "--json", Packet]);
        Assert.That(run.Exit, Is.EqualTo(exit), run.Out + run.Error);
        return JsonDocument.Parse(run.Out).RootElement;
    }
}

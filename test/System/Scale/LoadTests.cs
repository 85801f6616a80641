using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Scale;

/// <summary>Nodes that have more to do than they can are slow, not dead: nobody takes them for lost.</summary>
public class LoadTests
{
    private const ushort Port = 5060;
    private const int Nodes = 3;
    private const int Flows = 60;
    private const int Pps = 20_000;
    // Three nodes get through 15,000 a second at the most, on as many processors.
    private const string Busy = "busy=200";
    private static readonly string[] s_losses = ["node-gone", "node-unheard", "node-detached", "node-down"];

    [Test]
    public async Task No_node_at_full_load_is_declared_lost()
    {
        TimeSpan time = Environment.GetEnvironmentVariable("NETSERV_LONG") == "1" ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(30);
        using VethBridge bridge = VethBridge.MakeOrSkip(Nodes);
        await using Deployment deployment = await Deployment.StartOnAsync(bridge, Nodes, started: Nodes);
        NetServProcess watch = await deployment.WatchAsync();
        NetServRun setup = await deployment.CliAsync(
            "setup", "--user", "alice", "--key", deployment.At("alice.key"), "--module", Bundles.AwkwardId, "--url", deployment.Files.Serve("awkward.nupkg", Bundles.Awkward()),
            "--filter-proto", "udp", "--filter-port", $"{Port}", "--filter-ipv4", "10.0.0.1", "--properties", Busy);
        Assert.That(setup.Exit, Is.Zero, setup.Error);
        await watch.WaitForLineAsync("setup-accepted");

        using PacedTraffic traffic = new(deployment.Client, deployment.Server, Port, Flows, most: (int)(time.TotalSeconds + 5) * Pps);
        await Pace.WarmAsync(traffic);
        Passage loaded = await traffic.PassAsync(Pps, time);
        TestContext.Out.WriteLine(Table.Of(($"full load, {time.TotalSeconds:0} s", loaded)));
        TestContext.Out.WriteLine($"{(loaded.Sent - loaded.Lost.Count) / time.TotalSeconds:0} packets/s came through {Nodes} nodes");
        string[] events = watch.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Multiple(() =>
        {
            Assert.That(loaded.Lost, Is.Not.Empty, "the nodes had more to do than they can");
            Assert.That(loaded.Duplicated, Is.Zero);
            Assert.That(events.Where(e => s_losses.Any(l => e.Contains(l, StringComparison.Ordinal))), Is.Empty, "nodes lost, and all of them live");
        });
    }
}

using System.Net;
using System.Net.Sockets;
using NetServ.Interop.Tests.Support;

namespace NetServ.Interop.Tests;

/// <summary>Other people's controllers, each a learning switch, drive the program, and hosts reach each other.</summary>
public sealed class LearningControllerTests
{
    [Test]
    public async Task Ovs_testcontroller_connects_hosts_and_floods_only_until_it_has_learned([Values(4, 40)] int ports)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("iop-");
        string socket = Path.Combine(folder.FullName, "tc");
        using ExternalProgram controller = ExternalProgram.Start(ExternalProgram.Find("ovs-testcontroller"), "-vvconn:console:dbg", $"--unixctl={socket}.ctl", $"punix:{socket}");
        using RunningSwitch target = await RunningSwitch.Start(ports, "--controller", $"unix:{socket}");
        await controller.Says("received: OFPT_FEATURES_REPLY");
        HostsReachEachOther(target);
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task Os_ken_connects_hosts_and_floods_only_until_it_has_learned([Values(4, 40)] int ports)
    {
        int port = FreePort();
        using ExternalProgram controller = ExternalProgram.Start(
            ExternalProgram.Find("osken-manager"), "--ofp-listen-host", "127.0.0.1", "--ofp-tcp-listen-port", $"{port}", Path.Combine(AppContext.BaseDirectory, "simple_switch.py"));
        using RunningSwitch target = await RunningSwitch.Start(ports, "--controller", $"tcp:127.0.0.1:{port}");
        await controller.Says("datapath 0000000000000001 has shaken hands");
        HostsReachEachOther(target);
    }

    private static void HostsReachEachOther(RunningSwitch target)
    {
        int hosts = target.Hosts.Count;
        // Nobody knows host 2 yet.
        target.Hosts[0].Send(RunningSwitch.Frame(1, 2));
        for (int host = 2; host <= hosts; host++)
            Assert.That(target.Receive(host), Is.EqualTo(RunningSwitch.Frame(1, 2)), $"at host {host}");
        for (int host = 1; host <= hosts; host++)
        {
            target.Hosts[host - 1].Send(RunningSwitch.Frame(host, 0));
            for (int other = 1; other <= hosts; other++)
                if (other != host)
                    Assert.That(target.Receive(other), Is.EqualTo(RunningSwitch.Frame(host, 0)), $"of host {host} at host {other}");
        }
        int[] flooded = target.Sent();
        Assert.That(flooded, Is.EqualTo(Enumerable.Range(1, hosts).Select(host => host == 1 ? hosts - 1 : hosts)));

        Circle(target);
        int misses = target.Misses();
        Assert.That(misses, Is.EqualTo(1 + 2 * hosts), "one of host 1, a broadcast of each host, and the first to each neighbour");
        Circle(target);
        Circle(target);
        Assert.That(target.Misses(), Is.EqualTo(misses), "the rules are in: nothing goes to the controller any more");
        Assert.That(target.Sent().Zip(flooded, (after, before) => after - before), Has.All.EqualTo(3), "nothing was flooded any more");
    }

    // Every host sends to the next, which alone gets it.
    private static void Circle(RunningSwitch target)
    {
        int hosts = target.Hosts.Count;
        for (int host = 1; host <= hosts; host++)
        {
            int next = host % hosts + 1;
            byte[] frame = RunningSwitch.Frame(host, next);
            target.Hosts[host - 1].Send(frame);
            Assert.That(target.Receive(next), Is.EqualTo(frame), $"from host {host} to host {next}");
        }
    }

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

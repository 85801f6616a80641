using System.Net;
using System.Net.Sockets;
using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Requests;

/// <summary>Bad options and addresses in use: every fault at once, a line each, exit code 2.</summary>
[Parallelizable]
public class OptionFaultTests
{
    private const int BadUsage = 2;

    [Test]
    public async Task The_controller_names_every_fault_of_file_and_command_line()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{ "openflow": ["x"], "users": [{ "name": "alice", "key": "" }], "nodes": [{ "name": "n" }], "colour": 1, "timeouts": { "holdMs": -1 } }""");
        NetServRun run = await NetServProcess.RunAsync("controller", "--config", file, "--http", "y", "--domain", "70000", "--colour");
        File.Delete(file);
        HoldFaults(run, "controller", "--colour", "$.openflow[0]:", "$.users[0].key:", "$.nodes[0].token:", "$.colour:", "$.timeouts.holdMs:", "--http:", "--domain:");
    }

    [TestCase("0.0.0.0:0", true)]
    [TestCase("127.0.0.1:0", false)]
    public async Task A_controller_that_anybody_may_command_says_so(string grpc, bool warns)
    {
        await using NetServProcess controller = NetServProcess.Start("controller", "--openflow", "127.0.0.1:0", "--grpc", grpc, "--http", "127.0.0.1:0");
        await controller.WaitForLineAsync("netserv controller ready");
        await controller.StopAsync();
        Assert.That(controller.Error.Contains("set 'operatorToken' in the configuration", StringComparison.Ordinal), Is.EqualTo(warns), controller.Error);
    }

    [Test]
    public async Task A_node_names_every_fault() =>
        HoldFaults(
            await NetServProcess.RunAsync("node", "--controller", "x", "--port", "foo", "--name", "a b", "--capacity", "0", "--mac", "01:00:00:00:00:01", "--ip", "10", "--colour"),
            "node", "--colour", "--name 'a b':", "--controller 'x':", "--port:", "--capacity '0':", "--mac '01:", "--ip '10':");

    [Test]
    public async Task The_switch_names_every_fault() =>
        HoldFaults(
            await NetServProcess.RunAsync("switch", "--dpid", "0", "--controller", "x", "--listen", "y", "--port", "1", "--port", "2=foo", "--buffers", "z", "--table-size", "0", "--colour"),
            "switch", "--colour", "--dpid:", "--controller:", "--listen:", "--port: '1'", "--port 2:", "--buffers:", "--table-size:");

    [Test]
    public async Task The_demo_names_every_fault() =>
        HoldFaults(
            await NetServProcess.RunAsync("demo", "--nodes", "0", "--flows", "x", "--module", "y", "--burst", "0", "--switch", "z", "--pcap", "/nowhere", "--filter-port", "1", "--colour"),
            "demo", "--colour", "--nodes:", "--flows:", "--module:", "--burst:", "--switch:", "--pcap:", "give all three");

    [Test]
    public async Task The_controller_names_every_address_in_use()
    {
        Socket[] others = [.. Enumerable.Range(0, 3).Select(_ => Listening())];
        string[] used = [.. others.Select(o => o.LocalEndPoint!.ToString()!)];
        NetServRun run = await NetServProcess.RunAsync("controller", "--openflow", used[0], "--grpc", used[1], "--http", used[2]);
        Array.ForEach(others, o => o.Dispose());
        HoldFaults(run, "controller", $"{used[0]}: Address already in use; stop what listens there or choose another address with --openflow", $"{used[1]}: Address", $"{used[2]}: Address");
    }

    [Test]
    public async Task The_controller_does_not_take_one_address_for_two_purposes()
    {
        Socket free = Listening();
        string address = free.LocalEndPoint!.ToString()!;
        free.Dispose();
        NetServRun run = await NetServProcess.RunAsync("controller", "--openflow", "127.0.0.1:0", "--grpc", address, "--http", address);
        HoldFaults(run, "controller", $"{address}: Address already in use; stop what listens there or choose another address with --http");
    }

    [Test]
    public async Task The_switch_names_every_address_and_port_that_it_cannot_use()
    {
        using Socket other = Listening();
        int port = ((IPEndPoint)other.LocalEndPoint!).Port;
        NetServRun run = await NetServProcess.RunAsync("switch", "--dpid", "1", "--listen", $"ptcp:{port}", "--port", "1=unix-listen:/nowhere/a", "--port", "2=veth:nosuchif");
        HoldFaults(run, "switch", $"--listen ptcp:{port}:127.0.0.1: Address already in use", "--port 1:", "--port 2:");
    }

    [Test]
    public async Task A_node_without_its_port_says_so() =>
        HoldFaults(await NetServProcess.RunAsync("node", "--controller", "http://127.0.0.1:1", "--port", "unix-listen:/nowhere/a"), "node", "--port: port unix-listen:/nowhere/a: the directory /nowhere does not exist");

    [Test]
    public async Task An_unknown_verb_is_told_with_the_ones_there_are()
    {
        NetServRun run = await NetServProcess.RunAsync("fly");
        Assert.That(run.Exit, Is.EqualTo(BadUsage));
        Assert.That(run.Error, Does.StartWith("netserv: unknown verb 'fly'").And.Contain("setup"));
    }

    [Test]
    public async Task A_verb_without_a_controller_says_how_to_get_one([Values("flows", "nodes", "modules", "switches", "watch")] string verb)
    {
        NetServRun run = await NetServProcess.RunAsync(verb, "--controller", "http://127.0.0.1:1");
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.ErrorLines, Is.EqualTo((string[])[$"netserv {verb}: no controller answers at http://127.0.0.1:1; start one with 'netserv controller', or name another with --controller"]));
    }

    private static Socket Listening()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    private static void HoldFaults(NetServRun run, string verb, params string[] faults)
    {
        Assert.Multiple(() =>
        {
            Assert.That(run.Exit, Is.EqualTo(BadUsage));
            Assert.That(run.Out, Is.Empty);
            Assert.That(run.ErrorLines, Has.Length.EqualTo(faults.Length), run.Error);
            Assert.That(run.ErrorLines, Is.All.StartsWith($"netserv {verb}: "));
            foreach (string fault in faults)
                Assert.That(run.ErrorLines.Count(line => line.Contains(fault, StringComparison.Ordinal)), Is.EqualTo(1), $"{fault} in\n{run.Error}");
        });
    }
}

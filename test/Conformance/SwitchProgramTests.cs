using System.Diagnostics;
using System.Net.Sockets;
using NetServ.Conformance.Tests.Support;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Ports;

namespace NetServ.Conformance.Tests;

/// <summary>The emulated switch as the program that people start.</summary>
internal sealed class SwitchProgramTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Test]
    public async Task Forty_ports_in_a_folder_take_and_give_frames()
    {
        string folder = Directory.CreateTempSubdirectory("sw-").FullName;
        using Process program = Start("--dpid", "7", "--ports", "40", "--port-dir", folder, "--queue", "40:3:250", "--listen", $"punix:{folder}/mgmt");
        try
        {
            string? ready = await program.StandardOutput.ReadLineAsync().WaitAsync(s_patience);
            Assert.That(ready, Does.Contain("40 ports"));
            using SocketController controller = Call($"{folder}/mgmt");
            List<IPort> ports = [.. Enumerable.Range(1, 40).Select(n => PortFactory.Open(PortSpec.Parse($"unix:{folder}/port{n}")))];
            AwaitLinks(controller, 40);
            ActionWriter actions = new(new byte[64]);
            actions.Output(PortNo.Flood);
            actions.Enqueue(40, 3);
            controller.Send(new FlowMod { Match = Match.Any.WithInPort(1), BufferId = BufferId.None, OutPort = PortNo.None, Actions = actions.AsList() });
            Assert.That(controller.Take(), Is.Empty);
            ports[0].Send(TestFrames.Udp());
            FrameBatch batch = new();
            Assert.That(ports.Skip(1).Select(p => p.Receive(batch, s_patience)), Is.All.GreaterThanOrEqualTo(1));
            controller.Send(new QueueStatsRequest { PortNumber = PortNo.All, QueueId = 3 });
            QueueStatsReply.TryRead(controller.TakeOne(MessageKind.QueueStatsReply), out QueueStatsReply queues, out _);
            Assert.That((queues.Entries.Count, queues.Entries[0].PortNumber, queues.Entries[0].TxPackets), Is.EqualTo((1, (ushort)40, 1ul)));
            ports.ForEach(p => p.Dispose());
        }
        finally
        {
            program.Kill();
            await program.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task Every_wrong_option_is_told_at_once_and_the_exit_code_is_2()
    {
        using Process program = Start("--dpid", "0", "--ports", "3", "--port", "2=unix:/tmp/x", "--queue", "9:1:20", "--queue", "1:1:2000", "--on-channel-loss", "maybe", "--table-size", "0", "--buffers", "few");
        string errors = await program.StandardError.ReadToEndAsync().WaitAsync(s_patience);
        await program.WaitForExitAsync();
        Assert.That(program.ExitCode, Is.EqualTo(2));
        foreach (string option in (string[])["--dpid", "--ports", "--queue 9:1:20", "--queue: '1:1:2000'", "--on-channel-loss", "--table-size", "--buffers"])
            Assert.That(errors, Does.Contain(option));
    }

    private static Process Start(params string[] arguments)
    {
        string configuration = new DirectoryInfo(TestContext.CurrentContext.TestDirectory).Name;
        string program = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "../../NetServ.SwitchHost", configuration, "NetServ.SwitchHost.dll"));
        return Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private static SocketController Call(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        SocketController controller = new(socket, () => { }, () => { });
        controller.Greet();
        return controller;
    }

    private static void AwaitLinks(SocketController controller, int count)
    {
        long end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        int up = 0;
        while (up < count && Environment.TickCount64 < end)
        {
            controller.Send(new FeaturesRequest(1));
            FeaturesReply.TryRead(controller.TakeOne(MessageKind.FeaturesReply), out FeaturesReply reply, out _);
            up = 0;
            foreach (PhyPort port in reply.Ports)
                up += port.State == OpenFlow.PortState.None ? 1 : 0;
        }
        Assert.That(up, Is.EqualTo(count));
    }
}

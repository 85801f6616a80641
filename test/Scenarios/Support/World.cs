using NetServ.Controller.Core;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Sessions;
using NetServ.Emulation;
using NetServ.Emulation.Switch;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Scenarios;

/// <summary>
/// One switch; alice (10.0.0.1), bob (10.0.0.2) and carol (10.0.0.3) at ports 1 to 3; nodes from port 5 on; port 4 is free. Modules append
/// their last letter to what they process, so a text tells what happened to a packet.
/// </summary>
internal sealed class World : IDisposable
{
    public const ushort FirstNodePort = 5;

    public World(int nodes = 2, BufferProfile? buffers = null, SwitchSessionOptions? sessions = null, bool connected = true, int tableSize = 1_000_000, bool answerProbes = true)
    {
        Switch = Network.AddSwitch("s1", SwitchOptions.WithPorts(1, FirstNodePort + 3) with { Buffers = buffers ?? BufferProfile.None, TableSize = tableSize });
        Alice = Network.AddHost("alice", Switch, 1);
        Bob = Network.AddHost("bob", Switch, 2);
        Carol = Network.AddHost("carol", Switch, 3);
        foreach ((EmulatedHost a, EmulatedHost b) in Pairs())
            a.AddNeighbour(b);
        CoreOptions options = new() { Nodes = [.. Enumerable.Range(1, Math.Max(1, nodes)).Select(n => new ConfiguredNode($"node{n}"))] };
        Controller = new TestController(Network, options, sessions ?? new SwitchSessionOptions());
        Link = Controller.Attach(Switch);
        Nodes = [.. Enumerable.Range(1, nodes).Select(n => new TestNode(Network, Controller, Switch, (ushort)(FirstNodePort + n - 1), $"node{n}") { AnswersProbes = answerProbes })];
        Pass(0.7); // ports are probing for the first half second
        if (!connected)
            return;
        foreach (TestNode node in Nodes)
            node.Connect();
        Pass(0.2);
        Assert.That(Nodes, Has.All.Property(nameof(TestNode.IsAttached)).True);
    }

    public EmulatedNetwork Network { get; } = new();

    public NetworkSwitch Switch { get; }

    public ControllerLink Link { get; }

    public TestController Controller { get; }

    public EmulatedHost Alice { get; }

    public EmulatedHost Bob { get; }

    public EmulatedHost Carol { get; }

    public TestNode[] Nodes { get; }

    public SwitchSession Session => Controller.Channels[0].Session!;

    /// <summary>Bob's texts so far, in the order in which they came.</summary>
    public IEnumerable<string> BobGot => Bob.Received.Select(d => d.Text);

    public void Dispose() => Controller.Dispose();

    public void Pass(double seconds) => Network.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>All hosts speak once, so that the switch knows where they are, and what was counted so far is forgotten.</summary>
    public void Introduce()
    {
        foreach ((EmulatedHost a, EmulatedHost b) in Pairs())
            a.SendUdp(b.Address, 9, "hello"u8);
        Pass(0.1);
        foreach ((EmulatedHost a, EmulatedHost b) in Pairs())
            a.SendUdp(b.Address, 9, "hello"u8);
        Pass(0.1);
        Forget();
    }

    public void Forget()
    {
        foreach (EmulatedHost host in Network.Hosts)
        {
            host.ClearReceived();
            host.Port.ClearFrames();
        }
        Link.ClearMessages();
    }

    /// <summary>SETUP that has to succeed.</summary>
    public uint Setup(string module = "m.Mark-A_1.0", string filter = "udp 10.0.0.2 5060")
    {
        NetServ.Controller.Core.Modules.RequestOutcome outcome = Controller.Setup(module, filter);
        Assert.That(outcome.Refusal, Is.Null, outcome.Text);
        return outcome.OwnerId;
    }

    public void Remove(string module = "m.Mark-A_1.0")
    {
        NetServ.Controller.Core.Modules.RequestOutcome outcome = Controller.Remove(module);
        Assert.That(outcome.Refusal, Is.Null, outcome.Text);
    }

    /// <summary>FLOW_MODs to the switch since the last <see cref="Forget"/> that concern matching flows, by what they add.</summary>
    public IEnumerable<FlowModSeen> FlowMods() => Link.Messages.Where(m => m.ToSwitch && m.Kind == MessageKind.FlowMod).Select(m => FlowModSeen.Of(m.Bytes));

    /// <summary>PACKET_INs, those of nodes' signs of life aside.</summary>
    public int PacketIns() => Link.CountPacketIns(except: AttachmentFrame.EtherType);

    /// <summary>Rules on the switch of a kind of ours.</summary>
    public IEnumerable<FlowView> Rules(NetServ.Controller.Core.Steering.RuleKind kind) =>
        Switch.Core.Flows.Where(f => NetServ.Controller.Core.Steering.RuleCookie.TryRead(f.Cookie, out NetServ.Controller.Core.Steering.RuleCookie c) && c.Kind == kind);

    private IEnumerable<(EmulatedHost A, EmulatedHost B)> Pairs() =>
        from a in new[] { Alice, Bob, Carol } from b in new[] { Alice, Bob, Carol } where a != b select (a, b);
}

/// <summary>A FLOW_MOD as it was sent.</summary>
internal sealed record FlowModSeen(FlowModCommand Command, ushort Priority, string Match, string Actions, ulong Cookie)
{
    public static FlowModSeen Of(byte[] bytes)
    {
        Assert.That(FlowMod.TryRead(bytes, out FlowMod mod, out _), Is.True);
        return new FlowModSeen(mod.Command, mod.Priority, mod.Match.ToString(), mod.Actions.ToString(), mod.Cookie);
    }
}

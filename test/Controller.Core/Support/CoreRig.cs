using System.Collections.Immutable;
using System.Security.Cryptography;
using NetServ.Controller.Core.Admission;
using NetServ.Controller.Core.Modules;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Sessions;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Tests.Support;

/// <summary>The real Core with its inputs made by hand, a clock that a test turns, and all effects kept.</summary>
internal sealed class CoreRig
{
    public const ulong Dpid = 1;
    public const long Session = 100;

    private static readonly (string PrivatePem, string PublicPem) s_alice = SigningKeys.Create();
    private readonly List<CoreEffect> _effects = [];
    private long _tickets;

    /// <summary>A controller with nodes n1, n2, ... fixed to ports 11, 12, ...; with <paramref name="fixedPlaces"/> false they have to show their ports.</summary>
    public CoreRig(int nodes = 2, bool fixedPlaces = true)
    {
        Options = new CoreOptions
        {
            Nodes = [.. Enumerable.Range(1, nodes).Select(i => fixedPlaces ? new ConfiguredNode($"n{i}", Dpid, (ushort)(10 + i)) : new ConfiguredNode($"n{i}"))],
        };
        Assert.That(UserDirectory.TryCreate([new UserAccount("alice", s_alice.PublicPem, [Ipv4Prefix.Parse("10.0.0.0/8")])], out UserDirectory? users, out _), Is.True);
        Core = new ControllerCore(Options, new AdmissionControl(users!, new AdmissionLimits()));
    }

    public CoreOptions Options { get; }

    public ControllerCore Core { get; }

    public long Now { get; private set; } = 1000;

    /// <summary>Kinds of events so far.</summary>
    public IEnumerable<string> Kinds => _effects.OfType<CoreEffect.Report>().Select(r => r.Kind);

    /// <summary>Effects so far.</summary>
    public IEnumerable<T> Effects<T>()
        where T : CoreEffect => _effects.OfType<T>();

    /// <summary>Commands so far for the stream of node number <paramref name="node"/>.</summary>
    public IEnumerable<T> Commands<T>(long node)
        where T : NodeCommand => Effects<CoreEffect.TellNode>().Where(t => t.StreamId == node).Select(t => t.Command).OfType<T>();

    public void Forget() => _effects.Clear();

    public void Apply(CoreInput input) => _effects.AddRange(Core.Apply(input, Now));

    /// <summary>Time passes in steps of a tick.</summary>
    public void Pass(long milliseconds)
    {
        for (long end = Now + milliseconds; Now < end;)
        {
            Now = Math.Min(end, Now + 25);
            Apply(new CoreInput.Tick());
        }
    }

    /// <summary>Time passes in which the controller does nothing.</summary>
    public void StandStill(long milliseconds) => Now += milliseconds;

    /// <summary>Time passes in steps of a tick, while every node's heart beats.</summary>
    public void PassAlive(long milliseconds, params long[] nodes)
    {
        for (long end = Now + milliseconds; Now < end;)
        {
            Pass(Math.Min(500, end - Now));
            foreach (long node in nodes)
                Apply(new CoreInput.NodeHeard(node, []));
        }
    }

    public void SwitchUp(long session = Session, ulong dpid = Dpid) =>
        Apply(new CoreInput.SwitchReported(session, "switch", new SessionEvent.Ready(dpid, Ports(11, 12, 13, 14), 0), Bytes(1)));

    public void PortsChanged(params ushort[] up) => Apply(new CoreInput.SwitchReported(Session, "switch", new SessionEvent.PortsChanged(Dpid, Ports(up)), Bytes(2)));

    public void NodeUp(long node, long stream = 0, params ModuleReport[] modules) =>
        Apply(new CoreInput.NodeConnected(stream == 0 ? node : stream, new NodeGreeting($"n{node}", 1, [new MacAddress((ulong)(0x0200_0000_0000 + node))], "1", [.. modules]), KeyOf(node), Bytes((byte)node)));

    public static ImmutableArray<byte> KeyOf(long node) => [.. Enumerable.Repeat((byte)node, 32)];

    /// <summary>A switch and so many nodes, all attached.</summary>
    public static CoreRig Running(int nodes = 2)
    {
        CoreRig rig = new(nodes);
        rig.SwitchUp();
        for (int i = 1; i <= nodes; i++)
            rig.NodeUp(i);
        rig.Forget();
        return rig;
    }

    public static byte[] Sign(RequestCommand command, string module = "M_1", int port = 5060, int ttl = 60, string checksum = "a")
    {
        using RequestSigner signer = new(s_alice.PrivatePem, TimeProvider.System, RandomNumberGenerator.Create());
        List<RequestHeader> headers = [new("user", "alice")];
        if (command == RequestCommand.Setup)
        {
            headers.AddRange(
            [
                new("url", "http://192.0.2.9/m"), new("checksum", "sha256:" + new string(checksum[0], 64)), new("ttl", $"{ttl}"),
                new("filter-proto", "udp"), new("filter-port", $"{port}"), new("filter-ipv4", "10.0.0.1"),
            ]);
        }
        return signer.Sign(command, module, headers).ToBytes();
    }

    public long Setup(string module = "M_1", int port = 5060, int ttl = 60, string checksum = "a") => Submit(Sign(RequestCommand.Setup, module, port, ttl, checksum));

    public long Remove(string module = "M_1") => Submit(Sign(RequestCommand.Remove, module));

    public long Submit(byte[] text)
    {
        Apply(new CoreInput.Submitted(++_tickets, [.. text], RequestOrigin.OperatorApi, "", 0, false, 0, DateTimeOffset.UtcNow));
        return _tickets;
    }

    public void Report(long node, uint owner, ModuleStatus status, string code = "", string text = "") =>
        Apply(new CoreInput.ModuleReported(node, new ModuleReport(owner, status, code, text, [])));

    /// <summary>The switch answers the latest barrier that was asked for.</summary>
    public void BarrierPasses()
    {
        long token = Effects<CoreEffect.Publish>().Last(p => p.Token is not null).Token!.Value;
        Apply(new CoreInput.SwitchReported(Session, "switch", new SessionEvent.BarrierPassed(token), []));
    }

    /// <summary>A module at work on all nodes; returns its owner id.</summary>
    public uint Install(params long[] nodes) => InstallAs("M_1", nodes);

    /// <summary>The same for a module of this id.</summary>
    public uint InstallAs(string module, params long[] nodes)
    {
        Setup(module);
        InstalledModule installed = Core.Modules.All.Single(m => m.Phase == ModulePhase.Installing);
        uint owner = installed.OwnerId;
        foreach (long node in nodes)
            Report(node, owner, ModuleStatus.Active);
        BarrierPasses();
        Pass(Options.Grace);
        Assert.That(installed.Phase, Is.EqualTo(ModulePhase.Active));
        Forget();
        return owner;
    }

    /// <summary>The answer to a ticket; null if there is none yet.</summary>
    public RequestOutcome? Answer(long ticket) => Effects<CoreEffect.Reply>().SingleOrDefault(r => r.Ticket == ticket)?.Outcome;

    public static ImmutableArray<byte> Bytes(byte value) => [.. Enumerable.Repeat(value, 16)];

    private static ImmutableArray<SwitchPort> Ports(params ushort[] up) => [.. up.Select(p => new SwitchPort(p, $"p{p}", new MacAddress(p), true, true))];
}

using System.Collections.Immutable;
using System.Security.Cryptography;
using NetServ.Controller.Core;
using NetServ.Controller.Core.Admission;
using NetServ.Controller.Core.Modules;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Store;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Benchmarks.Steering;

/// <summary>A controller with many modules in force, and what one more costs it: from each input to the snapshot that follows, put into force in a session.</summary>
internal sealed class SetupBenchmark
{
    private const ulong Dpid = 0x0000_b000_0000_0001;
    private const long Session = 1;
    private const int Setups = 50;

    private readonly (string Private, string Public) _pems = SigningKeys.Create();
    private readonly ControllerCore _core;
    private readonly int _filters;
    private readonly SteeredSession _session;
    private long _now = 1000;
    private long _tickets;

    /// <summary>So many modules, taken from a store, all at work on one node.</summary>
    public SetupBenchmark(int filters)
    {
        _filters = filters;
        UserDirectory.TryCreate([new UserAccount("alice", _pems.Public, [Ipv4Prefix.Parse("10.0.0.0/8")])], out UserDirectory? users, out _);
        _core = new ControllerCore(new CoreOptions { Nodes = [new ConfiguredNode("node1", Dpid, 9)] }, new AdmissionControl(users!, new AdmissionLimits()));
        StoreRecord[] records = new StoreRecord[filters + 1];
        DateTimeOffset wall = DateTimeOffset.UtcNow;
        Parallel.For(0, filters, () => new RequestSigner(_pems.Private, TimeProvider.System, RandomNumberGenerator.Create()), (i, _, signer) =>
        {
            ModuleRecord kept = new(System.Text.Encoding.UTF8.GetString(RequestFor(signer, i)), (uint)i + 1, wall.AddDays(1), ["node1"]);
            records[i] = new StoreRecord(Records.ModuleKey(1, kept.OwnerId), 1, Records.Write(kept));
            return signer;
        }, signer => signer.Dispose());
        records[filters] = new StoreRecord(Records.NodeKey(1, "node1"), 1, Records.Write(new NodeRecord("node1", Dpid, 9, 1, ["02:00:00:aa:00:01"])));
        Apply(new CoreInput.Restored([.. records], wall));
        Apply(new CoreInput.SwitchReported(Session, "switch", new SessionEvent.Ready(Dpid, [new SwitchPort(9, "p9", default, true, true)], 0), []));
        Apply(new CoreInput.NodeConnected(2, new NodeGreeting("node1", 1, [new MacAddress(0x0200_00aa_0001)], "1", [.. _core.Modules.All.Select(m => new ModuleReport(m.OwnerId, ModuleStatus.Active, "", "", []))]), [1], [1]));
        _session = new SteeredSession(1_000, here: true);
        _session.Send(SteeredSession.Count / 10);
        _session.Use(_core.Snapshot);
    }

    /// <summary>Prints what SETUPs and REMOVEs cost; false if one is too slow.</summary>
    public bool Run(double most)
    {
        Meter asked = default, armed = default, idle = default, removed = default;
        using RequestSigner signer = new(_pems.Private, TimeProvider.System, RandomNumberGenerator.Create());
        for (int i = 0; i < Setups; i++)
        {
            byte[] setup = RequestFor(signer, _filters + i), remove = RequestFor(signer, _filters + i, RequestCommand.Remove);
            Time(ref asked, Submitted(setup));
            uint owner = _core.Modules.All.First(m => m.Phase == ModulePhase.Installing).OwnerId;
            Time(ref armed, new CoreInput.ModuleReported(2, new ModuleReport(owner, ModuleStatus.Active, "", "", [])));
            Time(ref idle, new CoreInput.Tick());
            Time(ref removed, Submitted(remove));
            if (_core.Snapshot.Filters.Count != _filters)
                throw new InvalidOperationException($"{_core.Snapshot.Filters.Count} filters instead of {_filters}");
        }
        return SteeringBenchmark.Print($"SETUP among {_filters:n0} filters, taken", asked.Best, most, double.MaxValue)
            & SteeringBenchmark.Print($"SETUP among {_filters:n0} filters, in force at a switch", armed.Best, most, double.MaxValue)
            & SteeringBenchmark.Print($"tick of the clock with {_filters:n0} filters", idle.Best, most, double.MaxValue)
            & SteeringBenchmark.Print($"REMOVE among {_filters:n0} filters, out of force at a switch", removed.Best, most, double.MaxValue);
    }

    private CoreInput.Submitted Submitted(byte[] text) => new(++_tickets, [.. text], RequestOrigin.OperatorApi, "", 0, false, 0, DateTimeOffset.UtcNow);

    private void Time(ref Meter meter, CoreInput input)
    {
        meter.Start();
        Apply(input);
        if (_core.Snapshot.Generation != _session.Generation)
            _session.Use(_core.Snapshot);
        meter.Stop(1);
    }

    private void Apply(CoreInput input) => _core.Apply(input, ++_now);

    private static byte[] RequestFor(RequestSigner signer, int i, RequestCommand command = RequestCommand.Setup)
    {
        List<RequestHeader> headers = [new("user", "alice")];
        if (command == RequestCommand.Setup)
        {
            headers.AddRange(
            [
                new("url", "http://192.0.2.9/m"), new("checksum", "sha256:" + new string('a', 64)), new("ttl", "3600"),
                new("filter-proto", "udp"), new("filter-port", "5060"), new("filter-ipv4", new Ipv4Address(0x0a02_0000 + (uint)i).ToString()),
            ]);
        }
        return signer.Sign(command, $"M{i}_1", headers).ToBytes();
    }
}

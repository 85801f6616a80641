using NetServ.Emulation.Switch.Profiles;
using NetServ.Packets;

namespace NetServ.Scenarios.Scale;

/// <summary>A random network, random filters and traffic, and one event after the other, or several at once; all of it follows from a seed.</summary>
/// <param name="seed">The seed.</param>
/// <param name="profile">What the switches fall short of; null for nothing.</param>
/// <param name="isWide">Whether filters and flows of all kinds are among it.</param>
internal sealed class RandomRun(int seed, SwitchProfile? profile = null, bool isWide = false) : IDisposable
{
    private const ushort Sip = 5060;
    private const ushort Other = 9;

    private readonly Random _random = new(seed);
    private Testbed _bed = null!;
    private RandomEvents _events = null!;

    public Testbed Bed => _bed;

    public void Dispose() => _bed?.Dispose();

    /// <summary>Runs it, and fails if anything is wrong.</summary>
    public void Run()
    {
        Plan plan = RandomPlan.Of(_random);
        _bed = new Testbed(plan, profile) { IsStateless = isWide && seed % 2 == 0 };
        _bed.Tell($"seed {seed}: {plan.Switches} switches, links {string.Join(' ', plan.Links.Select(l => $"s{l.A + 1}-s{l.B + 1}"))}, "
            + $"hosts {string.Join(' ', _bed.Stations.Select(s => $"{s.Name}@s{s.Switch + 1}{(s.Vlan == FlowKey.NoVlan ? "" : $"/{s.Vlan}")}"))}, nodes {string.Join(' ', plan.Nodes.Select((s, n) => $"node{n + 1}@s{s + 1}"))}");
        _events = new RandomEvents(_bed, _random, isWide ? new Random(seed + 1_000_000) : null);
        for (int n = 0; n < _bed.Nodes.Count; n++)
            _events.MaybeAdd(n);
        _bed.Settle();
        Talk();
        _bed.Pass(0.2);
        for (int i = 6 + _random.Next(5); i > 0 && _bed.Faults.Count == 0; i--)
        {
            _events.Next();
            if (_random.Next(3) == 0)
                _bed.Pass(_random.NextDouble() * 1.5);
            else
                Rest();
        }
        _events.MendAll();
        Rest();
        _bed.AccountForAll();
        Assert.That(_bed.Judge.Losses.GetValueOrDefault(LossCauses.Capped), Is.LessThanOrEqualTo(_bed.Fabric.Switches.Sum(s => (long)s.Core.PacketInsDropped)));
        _bed.CompareRules();
        _events.RemoveAll();
        _bed.Settle();
        _bed.Pass(22);
        _bed.FindLeftovers();
        _bed.Check($"seed {seed}{(profile is null ? "" : $" with switches like {profile.Name}")}");
    }

    private void Rest()
    {
        if (!_events.IsSomethingAway)
        {
            _bed.Settle();
            _bed.Pass(0.3);
            if (_bed.Faults.Count == 0)
                _bed.Verify();
        }
        else
        {
            _bed.Pass(1 + _random.NextDouble());
        }
    }

    private void Talk()
    {
        // What switches cannot keep up with is not asked of them.
        int slower = profile is null ? 1 : 5;
        for (int i = 0; i < (profile is null ? 8 : 4); i++)
        {
            Station from = Any();
            Station[] others = [.. _bed.Stations.Where(s => s != from && s.Vlan == from.Vlan)];
            if (others.Length == 0)
                continue;
            Station to = others[_random.Next(others.Length)];
            ushort port = _random.Next(4) == 0 ? Other : Sip;
            TestFlow flow = new(from, to, (ushort)(1000 + i), port);
            _events.Flows.Add(flow);
            _bed.Talk(flow, slower * (0.01 + _random.NextDouble() * 0.03));
            if (_random.Next(2) == 0)
                _bed.Talk(new TestFlow(to, from, port, flow.SourcePort), slower * (0.01 + _random.NextDouble() * 0.03));
            if (i < 2 && profile is null)
                _bed.TalkAnew(from, to, Sip, 0.05);
        }
    }

    private Station Any() => _bed.Stations[_random.Next(_bed.Stations.Count)];
}

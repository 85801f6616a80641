using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// Flows that their modules have seen enough of leave the detour where they enter: in order, once the counter of their rule has stood still for longer than the
/// detour takes; at a deadline else, when packets on the detour may come in behind later ones.
/// </summary>
/// <param name="state">The switch.</param>
/// <param name="reconciler">Who changes the rules of the flows.</param>
internal sealed class FlowReleases(SwitchState state, Reconciler reconciler)
{
    /// <summary>How long a rule's counter stands still before its flow is moved, milliseconds: longer than a packet is on the detour.</summary>
    public const int Gap = 200;

    private const int AskedAtOnce = 64;

    private readonly Dictionary<RuleKey, Waiting> _waiting = [];
    private readonly HashSet<uint> _asked = [];
    private readonly HashSet<uint> _owners = [];
    private readonly List<RuleKey> _done = [];

    /// <summary>Flows that are released, or called back.</summary>
    public void Take(IReadOnlySet<FlowId> flows, bool released, long now)
    {
        _done.Clear();
        foreach ((RuleKey key, Rule rule) in state.Rules)
        {
            if (rule.Kind is not (RuleKind.Steering or RuleKind.Bypass) || !flows.Contains(key.Flow))
                continue;
            if (!released)
                _done.Add(key);
            else if (rule.Kind == RuleKind.Steering)
                _waiting.TryAdd(key, new Waiting(now + state.Options.ReleaseWithin, -1, now));
        }
        if (released)
            return;
        foreach (FlowId flow in flows)
            state.Pins.Release(flow, null);
        foreach (RuleKey key in _done)
            _waiting.Remove(key);
        reconciler.Redecide(_done, now);
    }

    /// <summary>Asks for counters, and moves those whose time is over.</summary>
    public void Tick(long now)
    {
        _asked.Clear();
        _done.Clear();
        _owners.Clear();
        bool isMany = _waiting.Count > AskedAtOnce;
        foreach ((RuleKey key, Waiting waiting) in _waiting)
        {
            if (!state.Rules.All.TryGetValue(key, out Rule rule) || rule.Kind != RuleKind.Steering)
                _done.Add(key);
            else if (now >= waiting.Until)
                Finish(key, atGap: false);
            else if (isMany)
                _owners.Add(rule.OwnerId);
            else
                Ask(key.Match);
        }
        AskForMany();
        Move(now);
    }

    /// <summary>Takes the answer to such a question.</summary>
    public void Take(in FlowStatsReply reply, long now)
    {
        if (!_asked.Contains(reply.Xid))
            return;
        _done.Clear();
        foreach (FlowStatsEntry entry in reply.Entries)
        {
            if (entry.Priority == Bands.Steering)
                TakeCount(new RuleKey(entry.Match.Normalize(), entry.Priority), (long)entry.PacketCount, now);
        }
        Move(now);
    }

    private void TakeCount(in RuleKey key, long packets, long now)
    {
        if (!_waiting.TryGetValue(key, out Waiting waiting))
            return;
        if (packets != waiting.Packets)
            _waiting[key] = waiting with { Packets = packets, Since = now };
        else if (now - waiting.Since >= Gap)
            Finish(key, atGap: true);
    }

    // A question for each would be more than a switch likes to answer: what a filter matches is told at once.
    private void AskForMany()
    {
        foreach (uint owner in _owners)
        {
            if (state.View.Snapshot.Filters.Find(owner) is not { } filter)
                continue;
            foreach (Match match in filter.Matches)
                Ask(match);
        }
    }

    private void Ask(in Match match)
    {
        uint xid = state.Writer.NextXid();
        _asked.Add(xid);
        state.Output.Write(new FlowStatsRequest { Xid = xid, Match = match, TableId = 0xff, OutPort = PortNo.None });
    }

    private void Finish(in RuleKey key, bool atGap)
    {
        _done.Add(key);
        if (state.View.Plan.Find(key.Packet) is not { } plan || !state.Pins.Release(key.Flow, plan.Signature))
            return;
        state.Counters.Released++;
        state.Counters.ReleasedInTraffic += atGap ? 0 : 1;
    }

    private void Move(long now)
    {
        foreach (RuleKey key in _done)
            _waiting.Remove(key);
        if (_done.Count > 0)
            reconciler.Redecide(_done, now);
    }

    private readonly record struct Waiting(long Until, long Packets, long Since);
}

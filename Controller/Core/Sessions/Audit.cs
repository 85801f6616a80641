using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// Compares what the switch has with what it should have, behind a barrier, and mends the difference: durable rules that are missing are sent,
/// reactive ones forgotten (their next packet brings them back), wrong ones replaced, unknown ones of ours adopted or deleted, strangers' left alone.
/// What was changed since the request, or so shortly before that the switch may not show it yet, is left for the next time.
/// </summary>
internal sealed class Audit
{
    private readonly SwitchState _state;
    private readonly RuleAdoption _adoption;
    private readonly HashSet<RuleKey> _seen = [];
    private readonly Dictionary<RuleKey, ulong> _strangers = [];
    private readonly List<RuleKey> _missing = [];
    private uint _barrier;
    private uint _request;
    private long _startedAt;
    private long _due;
    private int _replaced;
    private int _unknown;

    public Audit(SwitchState state, RuleAdoption adoption, long now)
    {
        _state = state;
        _adoption = adoption;
        _due = now + state.Options.AuditEvery;
    }

    private bool IsRunning => _barrier != 0 || _request != 0;

    /// <summary>Asks for an audit at a time, if none is due before.</summary>
    public void DueAt(long time) => _due = Math.Min(_due, time);

    /// <summary>Begins if one is due and none is under way.</summary>
    public void Tick(long now)
    {
        if (now < _due || IsRunning || _state.Rules.IsQuiet || _state.Options.AuditEvery == 0)
            return;
        _due = now + _state.Options.AuditEvery;
        _barrier = _state.Writer.Barrier();
    }

    /// <summary>Everything sent before is done, as far as the switch says: now its table is read.</summary>
    public void TakeBarrier(uint xid, long now)
    {
        if (xid != _barrier || _barrier == 0)
            return;
        _barrier = 0;
        _startedAt = now;
        _replaced = _unknown = 0;
        _seen.Clear();
        _strangers.Clear();
        _state.Rules.SetAudited(true);
        _request = _state.Writer.NextXid();
        _state.Output.Write(new FlowStatsRequest { Xid = _request, Match = Match.Any, TableId = 0xff, OutPort = PortNo.None });
    }

    /// <summary>A part of the table.</summary>
    public void Take(in FlowStatsReply reply, long now)
    {
        if (reply.Xid != _request || _request == 0)
            return;
        foreach (FlowStatsEntry entry in reply.Entries)
            Take(entry, now);
        if ((reply.Flags & StatsReplyFlags.More) == 0)
            Finish(now);
    }

    private void Take(in FlowStatsEntry entry, long now)
    {
        RuleKey key = new(entry.Match.Normalize(), entry.Priority);
        if (!RuleCookie.TryRead(entry.Cookie, out RuleCookie cookie) || cookie.Domain != _state.Options.Domain)
        {
            _strangers[key] = entry.Cookie;
            return;
        }
        _seen.Add(key);
        if (IsInFlight(key))
            return;
        if (!_state.Rules.All.TryGetValue(key, out Rule rule))
        {
            _unknown++;
            _adoption.Take(entry, now);
        }
        else if (cookie.Kind != rule.Kind || cookie.OwnerId != rule.OwnerId || !(RuleAction.TryRead(entry.Actions, out RuleAction action) && action == rule.Action) || entry.IdleTimeout != rule.IdleSeconds)
        {
            _replaced++;
            _state.Rules.Resend(key, now);
        }
    }

    private bool IsInFlight(in RuleKey key) =>
        _state.Rules.Touched.Contains(key)
        || (_state.Rules.All.TryGetValue(key, out Rule rule) && rule.SentAt > _startedAt - _state.Options.AuditMargin);

    private void Finish(long now)
    {
        _request = 0;
        _state.Rules.UseStrangers(_strangers);
        _missing.Clear();
        foreach (RuleKey key in _state.Rules.All.Keys)
        {
            if (!_seen.Contains(key) && !IsInFlight(key))
                _missing.Add(key);
        }
        foreach (RuleKey key in _missing)
        {
            if (RuleTable.IsDurable(_state.Rules.All[key].Kind))
                _state.Rules.Resend(key, now);
            else
                _state.Rules.Forget(key, now, out _);
        }
        _state.Rules.SetAudited(false);
        if (_missing.Count + _replaced + _unknown > 0)
            _state.Events.Add(new SessionEvent.Mended(_state.Dpid, _missing.Count, _replaced, _unknown));
    }
}

using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// Takes our rules, and only ours, off a switch: found by cookie in its flow statistics, deleted one by one. The session installs nothing
/// from then on, since whoever cleans wants the switch to be free of us; packets that come up are still forwarded one by one.
/// </summary>
internal sealed class CleanTask
{
    private readonly SwitchState _state;
    private readonly List<long> _tokens = [];
    private uint _request;
    private uint _barrier;
    private int _removed;
    private int _leftAlone;

    public CleanTask(SwitchState state) => _state = state;

    public void Start(long token)
    {
        _tokens.Add(token);
        if (_tokens.Count > 1)
            return;
        _state.Rules.IsQuiet = true;
        (_removed, _leftAlone) = (0, 0);
        _request = _state.Writer.NextXid();
        _state.Output.Write(new FlowStatsRequest { Xid = _request, Match = Match.Any, TableId = 0xff, OutPort = PortNo.None });
    }

    public void Take(in FlowStatsReply reply)
    {
        if (reply.Xid != _request || _request == 0)
            return;
        foreach (FlowStatsEntry entry in reply.Entries)
            Take(entry);
        if ((reply.Flags & StatsReplyFlags.More) == 0)
            (_request, _barrier) = (0, _state.Writer.Barrier());
    }

    public void TakeBarrier(uint xid)
    {
        if (xid != _barrier || _barrier == 0)
            return;
        _barrier = 0;
        foreach (long token in _tokens)
            _state.Events.Add(new SessionEvent.Cleaned(token, _state.Dpid, _removed, _leftAlone));
        _tokens.Clear();
    }

    private void Take(in FlowStatsEntry entry)
    {
        if (!RuleCookie.TryRead(entry.Cookie, out RuleCookie cookie) || cookie.Domain != _state.Options.Domain)
        {
            _leftAlone++;
            return;
        }
        RuleKey key = new(entry.Match.Normalize(), entry.Priority);
        _state.Rules.Forget(key, 0, out _);
        _state.Writer.DeleteStrict(key.Match, key.Priority, cookie);
        _removed++;
    }
}

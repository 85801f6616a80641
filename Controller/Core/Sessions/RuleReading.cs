using System.Collections.Immutable;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>A rule as the switch tells it.</summary>
/// <param name="Key">Match and priority.</param>
/// <param name="Cookie">Its cookie.</param>
/// <param name="Actions">Its actions as ovs-ofctl writes them.</param>
/// <param name="Action">The same as an action of ours; null if it is none.</param>
/// <param name="Packets">Packets that it took.</param>
/// <param name="Bytes">Bytes that it took.</param>
public sealed record ReadRule(RuleKey Key, ulong Cookie, string Actions, RuleAction? Action, ulong Packets, ulong Bytes);

/// <summary>Reads the whole table for somebody who asks; changes nothing. Questions that come while one is under way share its answer.</summary>
internal sealed class RuleReading
{
    private readonly SwitchState _state;
    private readonly List<long> _tokens = [];
    private readonly ImmutableArray<ReadRule>.Builder _rules = ImmutableArray.CreateBuilder<ReadRule>();
    private uint _request;

    public RuleReading(SwitchState state) => _state = state;

    public void Start(long token)
    {
        _tokens.Add(token);
        if (_tokens.Count > 1)
            return;
        _rules.Clear();
        _request = _state.Writer.NextXid();
        _state.Output.Write(new FlowStatsRequest { Xid = _request, Match = Match.Any, TableId = 0xff, OutPort = PortNo.None });
    }

    public void Take(in FlowStatsReply reply)
    {
        if (reply.Xid != _request || _request == 0)
            return;
        foreach (FlowStatsEntry entry in reply.Entries)
            _rules.Add(new ReadRule(new RuleKey(entry.Match.Normalize(), entry.Priority), entry.Cookie, entry.Actions.ToString(), RuleAction.TryRead(entry.Actions, out RuleAction action) ? action : null, entry.PacketCount, entry.ByteCount));
        if ((reply.Flags & StatsReplyFlags.More) != 0)
            return;
        _request = 0;
        ImmutableArray<ReadRule> rules = _rules.ToImmutable();
        foreach (long token in _tokens)
            _state.Events.Add(new SessionEvent.RulesRead(token, rules));
        _tokens.Clear();
    }
}

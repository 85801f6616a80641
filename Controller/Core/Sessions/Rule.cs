using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>What makes a rule one rule on a switch (OpenFlow 1.0.0 section 4.6): its normalised match and its priority.</summary>
public readonly record struct RuleKey(Match Match, ushort Priority)
{
    /// <summary>The flow of a steering rule.</summary>
    public FlowId Flow => new(
        new FiveTuple(Match.NwProto, Match.NwSrc, Match.NwDst, Match.TpSrc, Match.TpDst, Match.DlVlan),
        (Match.Wildcards & Wildcard.NwTos) == 0 ? Match.NwTos : FlowId.AnyTos);

    /// <summary>A key that filters can be asked with; fields that the rule ignores are zero.</summary>
    public FlowKey Packet => new()
    {
        InPort = Match.InPort,
        DlSrc = Match.DlSrc,
        DlDst = Match.DlDst,
        DlVlan = Match.DlVlan,
        DlType = Match.DlType,
        NwProto = Match.NwProto,
        NwSrc = Match.NwSrc,
        NwDst = Match.NwDst,
        TpSrc = Match.TpSrc,
        TpDst = Match.TpDst,
        NwTos = Match.NwTos,
    };
}

/// <summary>A rule of ours on a switch.</summary>
/// <param name="Kind">Why it is there.</param>
/// <param name="OwnerId">Whose it is.</param>
/// <param name="Action">What it does.</param>
/// <param name="IdleSeconds">Its idle time-out, 0 for a durable rule.</param>
/// <param name="SentAt">When it was sent last, milliseconds.</param>
/// <param name="Adopted">Whether this session found it on the switch instead of sending it.</param>
public readonly record struct Rule(RuleKind Kind, uint OwnerId, RuleAction Action, ushort IdleSeconds, long SentAt, bool Adopted = false)
{
    /// <summary>How often in a row it was sent again because packets came up nevertheless.</summary>
    public byte Doublings { get; init; }

    /// <summary>Where <see cref="Forwarding.HostRules"/> has it.</summary>
    internal int Place { get; init; }
}

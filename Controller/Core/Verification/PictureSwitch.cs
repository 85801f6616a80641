using System.Collections.Immutable;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Verification;

/// <summary>A switch.</summary>
/// <param name="Dpid">Its datapath id.</param>
/// <param name="Ports">Its ports that are up; one that is not listed, or has role <see cref="PortRole.Down"/>, is down.</param>
/// <param name="Rules">Its table. Which of two rules with one rank takes a packet that matches both is the switch's choice; here it is the one listed first.</param>
public sealed record PictureSwitch(ulong Dpid, ImmutableArray<PicturePort> Ports, ImmutableArray<PictureRule> Rules)
{
    /// <summary>What people call it; sixteen hex digits unless set.</summary>
    public string Name { get; init; } = $"{Dpid:x16}";
}

/// <summary>A port of a switch. Packets enter the network at edges only; a port whose role is not known yet counts as an edge for what leaves.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Role">What hangs at it.</param>
public readonly record struct PicturePort(ushort Number, PortRole Role);

/// <summary>A rule of a switch.</summary>
/// <param name="Match">Which packets.</param>
/// <param name="Priority">Its priority.</param>
/// <param name="Cookie">Its cookie; it explains, and decides nothing but which rules are ours.</param>
/// <param name="Actions">Its actions in order; none drops.</param>
public sealed record PictureRule(Match Match, ushort Priority, ulong Cookie, ImmutableArray<PictureAction> Actions)
{
    private const int ExactRank = 0x1_0000;

    /// <summary>The priority, or more than all priorities for a match that ignores nothing (OpenFlow 1.0.0 section 3.4).</summary>
    public int Rank => Match.Normalize().Wildcards == 0 ? ExactRank : Priority;

    /// <summary>Whether the cookie is one of ours.</summary>
    public bool IsOurs => RuleCookie.TryRead(Cookie, out _);

    /// <summary>Whether both treat a packet alike.</summary>
    public bool DoesTheSame(PictureRule other) => Actions.AsSpan().SequenceEqual(other.Actions.AsSpan());

    /// <summary>As ovs-ofctl writes it.</summary>
    public override string ToString() => $"priority={Priority},{Match} actions={(Actions.IsEmpty ? "drop" : string.Join(',', Actions))}";
}

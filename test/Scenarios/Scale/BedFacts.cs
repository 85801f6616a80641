using NetServ.Emulation.Switch.Profiles;

namespace NetServ.Scenarios.Scale;

/// <summary>What is known of a network, whatever its controller believes.</summary>
/// <param name="Spans">What was out of order.</param>
/// <param name="Truths">How things were.</param>
/// <param name="Links">Which switches each link connects.</param>
/// <param name="Profile">What its switches fall short of; null for nothing.</param>
internal sealed record BedFacts(Spans Spans, IReadOnlyList<Truth> Truths, IReadOnlyList<(int A, int B)> Links, SwitchProfile? Profile)
{
    /// <summary>How long a packet is between two devices, at the most.</summary>
    public static TimeSpan Slack => TimeSpan.FromMilliseconds(2);

    /// <summary>What a node runs, and what a switch is behind with, is looked at that often.</summary>
    public static TimeSpan Noticed => TimeSpan.FromMilliseconds(5);

    /// <summary>After it has connected a switch forwards by its rules alone until its ports have their roles.</summary>
    public static TimeSpan Probing => TimeSpan.FromMilliseconds(700);

    /// <summary>The index of the node that frames with a tag are on their way to; -1 for none.</summary>
    public required Func<ushort, int> NodeOfTag { get; init; }

    /// <summary>Whether a switch has dropped packets instead of sending them up.</summary>
    public required Func<int, bool> IsCapped { get; init; }

    /// <summary>Whether packets found no room to wait at a switch for who is about to be known.</summary>
    public required Func<int, bool> HadNoRoom { get; init; }

    /// <summary>The number of a flow that was released, -1 for others.</summary>
    public required Func<TestFlow, int> ReleasedIndexOf { get; init; }

    /// <summary>Whether switches take their time with rules: until they are done packets may go unprocessed.</summary>
    public bool IsLate => Profile is not null;

    /// <summary>
    /// How long older rules may be there after a switch has done all that it was behind with. Where messages overtake each other, a rule that was turned soon after
    /// it was sent is sent once more a second later, at the next tick.
    /// </summary>
    public TimeSpan BehindFor => Profile?.Order == InstallOrder.AcrossBarriers ? TimeSpan.FromMilliseconds(2500) : Noticed;

    /// <summary>Whether something was out of order at a time.</summary>
    public bool Is(Trouble trouble, int subject, TimeSpan from, TimeSpan to) => Spans.Of(trouble).Any(s => s.Subject == subject && s.Overlaps(from, to));
}

namespace NetServ.Scenarios.Scale;

/// <summary>Names what a packet was lost by.</summary>
/// <param name="facts">What is known of the network.</param>
internal sealed class LossCauses(BedFacts facts)
{
    /// <summary>What packets are lost by that a switch had no rule for, and did not send up.</summary>
    public const string Capped = "more packets without a rule than the switch sends up";

    /// <summary>What packets are lost by at switches that confirm what they have not done yet.</summary>
    public const string Behind = "by rules that are older than what the switch has confirmed";

    // A rule that leads to a link which is cut is turned as soon as the controller has heard of it.
    private static readonly TimeSpan s_rerouted = TimeSpan.FromMilliseconds(50);

    // A frame may wait so long with the controller.
    private static readonly TimeSpan s_held = TimeSpan.FromMilliseconds(1100);

    private static readonly TimeSpan s_growing = TimeSpan.FromMilliseconds(1300);

    // So long frames wait, one by one, at a switch that is back for who is not known again yet.
    private static readonly TimeSpan s_asking = TimeSpan.FromMilliseconds(2000);

    // So long after a switch is back its rules are asked where hosts are that have not spoken yet: 1 s, at its next tick.
    private static readonly TimeSpan s_unheard = TimeSpan.FromMilliseconds(1600);

    /// <summary>What took a packet; null if nothing did that has a name.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="fault">What is wrong then.</param>
    public string? Find(SentPacket packet, out string fault)
    {
        fault = "it went to others and never to its destination";
        foreach (Sighting end in EndsOf(packet))
        {
            if (CauseOf(packet, end) is { } cause)
                return cause;
            fault = $"it was lost behind {end.Spot.Name}, and nothing there was out of order";
        }
        if (packet.Seen.Any(s => s.Outbound && IsBehind(s)))
            return Behind;
        if (IsSentToFormerPlace(packet))
            return "to where a host was, by a switch without controller";
        if (IsMisled(packet))
            return "by a switch without controller, to where the way went on before a link was cut";
        return IsFlooded(packet) && IsTreeGrowing(packet.At) ? "flooded while a link came into the tree" : null;
    }

    private bool IsBehind(Sighting seen) => seen.Spot.Kind == SpotKind.Switch && facts.Is(Trouble.Behind, seen.Spot.Device, seen.At - facts.BehindFor, seen.At + BedFacts.Noticed);

    // Its rules are those of before the cut, and nobody can turn them.
    private bool IsMisled(SentPacket packet) => packet.Seen.Where(s => s.Outbound && s.Spot.Kind == SpotKind.Switch).Any(s =>
        facts.Spans.Of(Trouble.ControlCut).Any(c => c.Subject == s.Spot.Device && c.Overlaps(s.At - BedFacts.Probing, s.At) && facts.Spans.Of(Trouble.LinkCut).Any(l => l.Overlaps(c.From, s.At))));

    // Its rules are those of before the move; they are turned when it is back and the ways are known. Whoever has a controller next to it knows better, and that
    // the way leads back.
    private bool IsSentToFormerPlace(SentPacket packet) => packet.Seen.Where(s => s.Outbound && s.Spot.Kind == SpotKind.Switch).TakeLast(1).Any(s =>
        facts.Spans.Of(Trouble.ControlCut).Any(c => c.Subject == s.Spot.Device && c.Overlaps(s.At - s_rerouted, s.At)
            && facts.Spans.Of(Trouble.HostMoving).Any(m => m.Subject == packet.Flow.To.Index && m.From <= s.At && m.To >= c.From)));

    private static bool IsFlooded(SentPacket packet) => packet.Seen.Where(s => s.Outbound && s.Spot.Kind == SpotKind.Switch).GroupBy(s => (s.Spot.Device, s.At)).Any(g => g.Count() > 1);

    // A link that is mended or told of again is probed first, and waits then.
    private bool IsTreeGrowing(TimeSpan at) =>
        facts.Spans.Of(Trouble.LinkCut).Concat(facts.Spans.Of(Trouble.ControlCut)).Any(s => s.Overlaps(at - s_growing, at));

    // Devices that had it last.
    private static IEnumerable<Sighting> EndsOf(SentPacket packet)
    {
        foreach (IGrouping<(SpotKind Kind, int Device), Sighting> device in packet.Seen.GroupBy(s => (s.Spot.Kind, s.Spot.Device)))
        {
            Sighting last = device.Last();
            if (!last.Outbound && last.Spot.Kind != SpotKind.Host)
                yield return last;
        }
        foreach (Sighting sent in packet.Seen.Where(s => s.Outbound))
        {
            bool arrived = packet.Seen.Any(s => !s.Outbound && s.At > sent.At && s.At <= sent.At + BedFacts.Slack && s.Vlan == sent.Vlan && (s.Spot.Kind, s.Spot.Device) != (sent.Spot.Kind, sent.Spot.Device));
            if (!arrived)
                yield return sent;
        }
    }

    private string? CauseOf(SentPacket packet, Sighting end)
    {
        TimeSpan at = end.At;
        if (end.Spot.Kind == SpotKind.Node)
            return facts.Is(Trouble.NodeDead, end.Spot.Device, at, at + BedFacts.Slack) ? $"in node{end.Spot.Device + 1} when it stopped" : null;
        // The next switch leaves it out where one without controller goes on sending to a node that is gone.
        if (end.Spot.Kind == SpotKind.Switch && !end.Outbound && facts.NodeOfTag(end.Vlan) is >= 0 and var node && facts.Is(Trouble.NodeDead, node, at, at + BedFacts.Slack))
            return $"in node{node + 1} when it stopped";
        if (IsBehind(end))
            return Behind;
        if (IsMoving(packet.Flow.To, at) || IsMoving(packet.Flow.From, at))
            return "to a host that moves";
        if (end.Spot.Kind == SpotKind.Host || end.Outbound)
            return facts.Spans.Of(Trouble.LinkCut).Any(s => s.Overlaps(at, at + BedFacts.Slack)) ? "on a link that was cut" : null;
        if (!IsThereAKnownWay(end.Spot.Device, packet.Flow.To, at))
            return "no way but by links that were cut, and mended at a switch without controller";
        if (facts.Is(Trouble.ControlCut, end.Spot.Device, at - BedFacts.Probing, at + BedFacts.Slack))
            return "no rule and no controller";
        if (facts.Is(Trouble.ControlCut, end.Spot.Device, at, at + s_held))
            return "held by a controller that went away";
        if (facts.HadNoRoom(end.Spot.Device) && facts.Is(Trouble.ControlCut, end.Spot.Device, at - s_asking, at))
            return "no room to wait for who is about to be known again";
        if (facts.Spans.Of(Trouble.LinkCut).Any(s => s.From - BedFacts.Slack <= at && at <= s.From + s_rerouted))
            return "towards a link that was cut";
        if (IsLedAstray(end.Spot.Device, packet.Flow.To, at))
            return "no rule since a link was cut while the controller was away, and nobody has heard of the destination yet";
        return facts.IsCapped(end.Spot.Device) ? Capped : null;
    }

    private bool IsThereAKnownWay(int from, Station to, TimeSpan at)
    {
        HashSet<int> reached = [from];
        while (facts.Links.Where((l, i) => reached.Contains(l.A) != reached.Contains(l.B) && IsKnown(i, at)).Select(l => reached.Contains(l.A) ? l.B : l.A).ToArray() is { Length: > 0 } more)
            reached.UnionWith(more);
        return facts.Truths.Where(t => t.Since <= at && t.Until >= at).Any(t => reached.Contains(t.SwitchOf(to)));
    }

    // A link is known again when both of its ends have told of it since it was mended.
    private bool IsKnown(int link, TimeSpan at) => !facts.Spans.Of(Trouble.LinkCut).Any(cut => cut.Subject == link && cut.From <= at
        && (cut.To >= at - s_rerouted || new[] { facts.Links[link].A, facts.Links[link].B }.Any(end => facts.Spans.Of(Trouble.ControlCut).Any(c => c.Subject == end && c.Overlaps(cut.To, cut.To + s_rerouted) && c.To >= at - s_rerouted))));

    // Its rule led to that link, and is gone; who only listens is known by the rules of his own switch.
    private bool IsLedAstray(int at, Station to, TimeSpan when) =>
        facts.Is(Trouble.ControlCut, facts.Truths.Last(t => t.Since <= when).SwitchOf(to), when - s_unheard, when)
        && facts.Spans.Of(Trouble.ControlCut).Any(c => c.Subject == at && c.Overlaps(when - s_unheard, when)
            && facts.Spans.Of(Trouble.LinkCut).Any(l => (facts.Links[l.Subject].A == at || facts.Links[l.Subject].B == at) && l.From >= c.From && l.From <= c.To));

    private bool IsMoving(Station station, TimeSpan at) => facts.Is(Trouble.HostMoving, station.Index, at - s_rerouted, at + BedFacts.Slack);
}

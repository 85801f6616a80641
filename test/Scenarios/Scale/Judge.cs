namespace NetServ.Scenarios.Scale;

/// <summary>Accounts for packets: what happened is what should have, or has a cause that has a name.</summary>
/// <param name="spans">What was out of order.</param>
/// <param name="truths">How things were.</param>
/// <param name="links">Which switches each link connects.</param>
/// <param name="nodeOfTag">The index of the node that frames with a tag are on their way to; -1 for none.</param>
/// <param name="isLate">Whether switches take their time with rules: until they are done packets may go unprocessed.</param>
/// <param name="isCapped">Whether a switch has dropped packets instead of sending them up.</param>
/// <param name="hadNoRoom">Whether packets found no room to wait at a switch for who is about to be known.</param>
/// <param name="releasedIndexOf">The number of a flow that was released, -1 for others.</param>
internal sealed class Judge(Spans spans, IReadOnlyList<Truth> truths, IReadOnlyList<(int A, int B)> links, Func<ushort, int> nodeOfTag, bool isLate, Func<int, bool> isCapped, Func<int, bool> hadNoRoom, Func<TestFlow, int> releasedIndexOf)
{
    /// <summary>What packets are lost by that a switch had no rule for, and did not send up.</summary>
    public const string Capped = "more packets without a rule than the switch sends up";

    /// <summary>What packets are lost by at switches that confirm what they have not done yet.</summary>
    public const string Behind = "by rules that are older than what the switch has confirmed";

    /// <summary>What packets went past modules by, though not lost.</summary>
    public const string Unprocessed = "delivered past a module: by a switch without controller, through a node that was started anew";

    /// <summary>What packets were processed twice by.</summary>
    public const string Twice = "processed again by a module that started on a later node of its chain while it was under way";

    private static readonly TimeSpan s_slack = TimeSpan.FromMilliseconds(2);

    // What a node runs, and what a switch is behind with, is looked at that often.
    private static readonly TimeSpan s_noticed = TimeSpan.FromMilliseconds(5);

    // A rule that was turned soon after it was sent is sent once more a second later, at the next tick: the older one may have overtaken it.
    private static readonly TimeSpan s_overtaken = TimeSpan.FromMilliseconds(2500);

    // A rule that leads to a link which is cut is turned as soon as the controller has heard of it.
    private static readonly TimeSpan s_rerouted = TimeSpan.FromMilliseconds(50);

    // After it has connected a switch forwards by its rules alone until its ports have their roles.
    private static readonly TimeSpan s_probing = TimeSpan.FromMilliseconds(700);

    // A frame may wait so long with the controller.
    private static readonly TimeSpan s_held = TimeSpan.FromMilliseconds(1100);

    // The controller acts on what it hears within that, and on what a switch had when it came back.
    private static readonly TimeSpan s_told = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_believed = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan s_growing = TimeSpan.FromMilliseconds(1300);

    // So long frames wait, one by one, at a switch that is back for who is not known again yet.
    private static readonly TimeSpan s_asking = TimeSpan.FromMilliseconds(2000);

    // So long after a switch is back its rules are asked where hosts are that have not spoken yet: 1 s, at its next tick.
    private static readonly TimeSpan s_unheard = TimeSpan.FromMilliseconds(1600);

    /// <summary>How many packets each cause took.</summary>
    public SortedDictionary<string, int> Losses { get; } = [];

    public int Delivered { get; private set; }

    /// <summary>What is wrong with what became of a packet; null if nothing is.</summary>
    public string? FaultOf(SentPacket packet)
    {
        if (packet.Leak is not null)
            return packet.Leak;
        if (packet.Delivered.Count > 1)
            return $"it was delivered {packet.Delivered.Count} times";
        bool settled = Window(packet, out Truth[] versions);
        Outcome[] outcomes = [.. versions.Select(v => v.Expect(packet.Flow, packet.EnteredAt)).Distinct()];
        if (packet.Delivered.Count == 0)
            return FaultOfLoss(packet, outcomes, settled);
        Delivered++;
        string letters = packet.Delivered[0];
        // A way may open behind a packet that entered where there was none.
        if (outcomes.Any(o => o.Letters == letters && (o.Fate == Fate.Delivered || (o.Fate == Fate.NoPath && !settled))))
            return null;
        if (letters.Length == 0 && IsReleased(packet))
            return null;
        if (IsOvertaken(packet, letters))
            return Count(Twice);
        if (IsPassedByFreshNode(packet, letters, versions))
            return Count(Unprocessed);
        string should = string.Join(" or ", outcomes.Select(o => $"{o.Fate} '{o.Letters}'"));
        return settled || !IsBetween(letters, packet.Flow, versions, outcomes) ? $"it was delivered as '{letters}', and should be {should}" : null;
    }

    // It was on its way from one node to another one when a module that it had been through started there.
    private bool IsOvertaken(SentPacket packet, string letters)
    {
        char[] again = [.. letters.GroupBy(l => l).Where(l => l.Count() == 2).Select(l => l.Key)];
        return again.Length > 0 && letters.GroupBy(l => l).All(l => l.Count() <= 2) && again.All(l => truths.Any(after => after.Since >= packet.At && after.Since <= packet.LastSeen + s_noticed
            && after.Nodes.Any(n => packet.Seen.Any(s => s.Spot.Kind == SpotKind.Node && s.Spot.Device + 1 == n.Id && !s.Outbound && s.Letters.Contains(l) && s.At >= after.Since - s_noticed)
                && Runs(after, n.Id, l) && !Runs(truths.Last(t => t.Since < after.Since), n.Id, l))));
    }

    private static bool Runs(Truth truth, uint node, char letter) =>
        truth.Nodes.FirstOrDefault(n => n.Id == node) is { } there && truth.Filters.Any(f => f.Letter == letter && there.Runs.Contains(f.Owner));

    // Until it is settled that it was called back.
    private bool IsReleased(SentPacket packet)
    {
        int index = releasedIndexOf(packet.Flow);
        return index >= 0 && spans.Of(Trouble.Released).Any(r => r.Subject == index && r.From <= packet.LastSeen
            && (r.To >= packet.At || spans.Of(Trouble.Unsettled).Any(u => u.Overlaps(r.To, r.To) && u.To >= packet.At)));
    }

    // The switch goes on sending to a node whose modules ended with its process; no filter that fails closed may be among theirs.
    private bool IsPassedByFreshNode(SentPacket packet, string letters, Truth[] versions)
    {
        FilterTruth[] missed = [.. versions.SelectMany(v => v.Matching(packet.Flow)).DistinctBy(f => f.Owner).Where(f => !letters.Contains(f.Letter))];
        return missed.Length > 0 && !missed.Any(f => f.IsClosed) && packet.Seen.Any(s => s.Spot.Kind == SpotKind.Node && !s.Outbound
            && Is(Trouble.ControlCut, packet.EnteredAt, s.At - s_probing, s.At)
            && spans.Of(Trouble.NodeDead).Any(d => d.Subject == s.Spot.Device && d.To <= s.At && spans.Of(Trouble.ControlCut).Any(c => c.Subject == packet.EnteredAt && c.Overlaps(d.From, d.To)))
            && truths.Last(t => t.Since <= s.At).Nodes.FirstOrDefault(n => n.Id == s.Spot.Device + 1) is { } node && missed.All(f => !node.Runs.Contains(f.Owner)));
    }

    // While things change a packet may have met one node before and another one after.
    private bool IsBetween(string letters, TestFlow flow, Truth[] versions, Outcome[] outcomes)
    {
        FilterTruth[] matching = [.. versions.SelectMany(v => v.Matching(flow)).DistinctBy(f => f.Owner).OrderBy(f => f.Order).ThenBy(f => f.Owner)];
        string inOrder = string.Concat(matching.Select(f => f.Letter).Where(letters.Contains));
        string[] delivered = [.. outcomes.Where(o => o.Fate != Fate.FailsClosed).Select(o => o.Letters)];
        bool isClosed = matching.Any(f => f.IsClosed && !letters.Contains(f.Letter) && versions.All(v => v.Matching(flow).Any(m => m.Owner == f.Owner)));
        if (isLate)
            return letters == inOrder;
        return letters == inOrder && !isClosed && delivered.Length > 0 && letters.All(l => delivered.Any(d => d.Contains(l)))
            && delivered[0].All(l => letters.Contains(l) || !delivered.All(d => d.Contains(l)));
    }

    private bool Window(SentPacket packet, out Truth[] versions)
    {
        (TimeSpan from, TimeSpan to) = (packet.At, packet.LastSeen + s_slack);
        Span[] unsettled = [.. spans.Of(Trouble.Unsettled).Where(s => s.Overlaps(from, to))];
        if (unsettled.Length > 0)
            (from, to) = (Max(Min(from, unsettled.Min(s => s.From)), EarliestOf(packet, to)), Max(to, unsettled.Max(s => s.To)));
        versions = [.. truths.Where(t => t.Since <= to && t.Until >= from)];
        return unsettled.Length == 0;
    }

    // However much goes on: what was so long ago holds only where somebody could not be told of what came after it.
    private TimeSpan EarliestOf(SentPacket packet, TimeSpan to)
    {
        int[] met = [packet.EnteredAt, .. packet.Seen.Where(s => s.Spot.Kind == SpotKind.Switch).Select(s => s.Spot.Device), .. truths.SelectMany(t => t.Nodes).Select(n => n.Switch)];
        IEnumerable<Span> waiting = spans.Of(Trouble.Asked).Where(s => s.Overlaps(packet.At - s_told, to))
            .Concat(spans.Of(Trouble.ControlCut).Where(s => met.Contains(s.Subject) && s.Overlaps(packet.At - s_believed, to)));
        return waiting.Select(s => s.From).Append(packet.At).Min() - s_told;
    }

    private string? FaultOfLoss(SentPacket packet, Outcome[] outcomes, bool settled)
    {
        if (outcomes.Any(o => o.Fate == Fate.FailsClosed))
            return Count("fail-closed");
        if (outcomes.Any(o => o.Fate == Fate.NoPath))
            return Count("no path");
        if (settled && !isLate)
            return "it was lost while nothing was out of order";
        string? fault = null;
        foreach (Sighting end in EndsOf(packet))
        {
            if (CauseOf(packet, end) is not { } cause)
                fault = $"it was lost behind {end.Spot.Name}, and nothing there was out of order";
            else
                return Count(cause);
        }
        if (packet.Seen.Any(s => s.Outbound && IsBehind(s)))
            return Count(Behind);
        if (IsSentToFormerPlace(packet))
            return Count("to where a host was, by a switch without controller");
        if (IsMisled(packet))
            return Count("by a switch without controller, to where the way went on before a link was cut");
        if (IsFlooded(packet) && IsTreeGrowing(packet.At))
            return Count("flooded while a link came into the tree");
        return fault ?? "it went to others and never to its destination";
    }

    private bool IsBehind(Sighting seen) => seen.Spot.Kind == SpotKind.Switch && Is(Trouble.Behind, seen.Spot.Device, seen.At - s_overtaken, seen.At + s_noticed);

    // Its rules are those of before the cut, and nobody can turn them.
    private bool IsMisled(SentPacket packet) => packet.Seen.Where(s => s.Outbound && s.Spot.Kind == SpotKind.Switch).Any(s =>
        spans.Of(Trouble.ControlCut).Any(c => c.Subject == s.Spot.Device && c.Overlaps(s.At - s_probing, s.At) && spans.Of(Trouble.LinkCut).Any(l => l.Overlaps(c.From, s.At))));

    // Its rules are those of before the move; they are turned when it is back and the ways are known. Whoever has a controller next to it knows better, and that
    // the way leads back.
    private bool IsSentToFormerPlace(SentPacket packet) => packet.Seen.Where(s => s.Outbound && s.Spot.Kind == SpotKind.Switch).TakeLast(1).Any(s =>
        spans.Of(Trouble.ControlCut).Any(c => c.Subject == s.Spot.Device && c.Overlaps(s.At - s_rerouted, s.At)
            && spans.Of(Trouble.HostMoving).Any(m => m.Subject == packet.Flow.To.Index && m.From <= s.At && m.To >= c.From)));

    private static bool IsFlooded(SentPacket packet) => packet.Seen.Where(s => s.Outbound && s.Spot.Kind == SpotKind.Switch).GroupBy(s => (s.Spot.Device, s.At)).Any(g => g.Count() > 1);

    // A link that is mended or told of again is probed first, and waits then.
    private bool IsTreeGrowing(TimeSpan at) =>
        spans.Of(Trouble.LinkCut).Concat(spans.Of(Trouble.ControlCut)).Any(s => s.Overlaps(at - s_growing, at));

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
            bool arrived = packet.Seen.Any(s => !s.Outbound && s.At > sent.At && s.At <= sent.At + s_slack && s.Vlan == sent.Vlan && (s.Spot.Kind, s.Spot.Device) != (sent.Spot.Kind, sent.Spot.Device));
            if (!arrived)
                yield return sent;
        }
    }

    private string? CauseOf(SentPacket packet, Sighting end)
    {
        TimeSpan at = end.At;
        if (end.Spot.Kind == SpotKind.Node)
            return Is(Trouble.NodeDead, end.Spot.Device, at, at + s_slack) ? $"in node{end.Spot.Device + 1} when it stopped" : null;
        // The next switch leaves it out where one without controller goes on sending to a node that is gone.
        if (end.Spot.Kind == SpotKind.Switch && !end.Outbound && nodeOfTag(end.Vlan) is >= 0 and var node && Is(Trouble.NodeDead, node, at, at + s_slack))
            return $"in node{node + 1} when it stopped";
        if (IsBehind(end))
            return Behind;
        if (IsMoving(packet.Flow.To, at) || IsMoving(packet.Flow.From, at))
            return "to a host that moves";
        if (end.Spot.Kind == SpotKind.Host || end.Outbound)
            return spans.Of(Trouble.LinkCut).Any(s => s.Overlaps(at, at + s_slack)) ? "on a link that was cut" : null;
        if (!IsThereAKnownWay(end.Spot.Device, packet.Flow.To, at))
            return "no way but by links that were cut, and mended at a switch without controller";
        if (Is(Trouble.ControlCut, end.Spot.Device, at - s_probing, at + s_slack))
            return "no rule and no controller";
        if (Is(Trouble.ControlCut, end.Spot.Device, at, at + s_held))
            return "held by a controller that went away";
        if (hadNoRoom(end.Spot.Device) && Is(Trouble.ControlCut, end.Spot.Device, at - s_asking, at))
            return "no room to wait for who is about to be known again";
        if (spans.Of(Trouble.LinkCut).Any(s => s.From - s_slack <= at && at <= s.From + s_rerouted))
            return "towards a link that was cut";
        if (IsLedAstray(end.Spot.Device, packet.Flow.To, at))
            return "no rule since a link was cut while the controller was away, and nobody has heard of the destination yet";
        return isCapped(end.Spot.Device) ? Capped : null;
    }

    private bool IsThereAKnownWay(int from, Station to, TimeSpan at)
    {
        HashSet<int> reached = [from];
        while (links.Where((l, i) => reached.Contains(l.A) != reached.Contains(l.B) && IsKnown(i, at)).Select(l => reached.Contains(l.A) ? l.B : l.A).ToArray() is { Length: > 0 } more)
            reached.UnionWith(more);
        return truths.Where(t => t.Since <= at && t.Until >= at).Any(t => reached.Contains(t.SwitchOf(to)));
    }

    // A link is known again when both of its ends have told of it since it was mended.
    private bool IsKnown(int link, TimeSpan at) => !spans.Of(Trouble.LinkCut).Any(cut => cut.Subject == link && cut.From <= at
        && (cut.To >= at - s_rerouted || new[] { links[link].A, links[link].B }.Any(end => spans.Of(Trouble.ControlCut).Any(c => c.Subject == end && c.Overlaps(cut.To, cut.To + s_rerouted) && c.To >= at - s_rerouted))));

    // Its rule led to that link, and is gone; who only listens is known by the rules of his own switch.
    private bool IsLedAstray(int at, Station to, TimeSpan when) =>
        Is(Trouble.ControlCut, truths.Last(t => t.Since <= when).SwitchOf(to), when - s_unheard, when)
        && spans.Of(Trouble.ControlCut).Any(c => c.Subject == at && c.Overlaps(when - s_unheard, when)
            && spans.Of(Trouble.LinkCut).Any(l => (links[l.Subject].A == at || links[l.Subject].B == at) && l.From >= c.From && l.From <= c.To));

    private bool IsMoving(Station station, TimeSpan at) => Is(Trouble.HostMoving, station.Index, at - s_rerouted, at + s_slack);

    private bool Is(Trouble trouble, int subject, TimeSpan from, TimeSpan to) => spans.Of(trouble).Any(s => s.Subject == subject && s.Overlaps(from, to));

    private string? Count(string cause)
    {
        Losses[cause] = Losses.GetValueOrDefault(cause) + 1;
        return null;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}

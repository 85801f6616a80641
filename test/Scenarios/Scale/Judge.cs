namespace NetServ.Scenarios.Scale;

/// <summary>Accounts for packets: what happened is what should have, or has a cause that has a name.</summary>
/// <param name="facts">What is known of the network.</param>
internal sealed class Judge(BedFacts facts)
{
    /// <summary>What packets went past modules by, though not lost.</summary>
    public const string Unprocessed = "delivered past a module: by a switch without controller, through a node that was started anew";

    /// <summary>What packets were processed twice by.</summary>
    public const string Twice = "processed again by a module that started on a later node of its chain while it was under way";

    // The controller acts on what it hears within that, and on what a switch had when it came back.
    private static readonly TimeSpan s_told = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_believed = TimeSpan.FromSeconds(6);

    private readonly LossCauses _causes = new(facts);

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
        return again.Length > 0 && letters.GroupBy(l => l).All(l => l.Count() <= 2) && again.All(l => facts.Truths.Any(after => after.Since >= packet.At && after.Since <= packet.LastSeen + BedFacts.Noticed
            && after.Nodes.Any(n => packet.Seen.Any(s => s.Spot.Kind == SpotKind.Node && s.Spot.Device + 1 == n.Id && !s.Outbound && s.Letters.Contains(l) && s.At >= after.Since - BedFacts.Noticed)
                && Runs(after, n.Id, l) && !Runs(facts.Truths.Last(t => t.Since < after.Since), n.Id, l))));
    }

    private static bool Runs(Truth truth, uint node, char letter) =>
        truth.Nodes.FirstOrDefault(n => n.Id == node) is { } there && truth.Filters.Any(f => f.Letter == letter && there.Runs.Contains(f.Owner));

    // Until it is settled that it was called back.
    private bool IsReleased(SentPacket packet)
    {
        int index = facts.ReleasedIndexOf(packet.Flow);
        return index >= 0 && facts.Spans.Of(Trouble.Released).Any(r => r.Subject == index && r.From <= packet.LastSeen
            && (r.To >= packet.At || facts.Spans.Of(Trouble.Unsettled).Any(u => u.Overlaps(r.To, r.To) && u.To >= packet.At)));
    }

    // The switch goes on sending to a node whose modules ended with its process; no filter that fails closed may be among theirs.
    private bool IsPassedByFreshNode(SentPacket packet, string letters, Truth[] versions)
    {
        FilterTruth[] missed = [.. versions.SelectMany(v => v.Matching(packet.Flow)).DistinctBy(f => f.Owner).Where(f => !letters.Contains(f.Letter))];
        return missed.Length > 0 && !missed.Any(f => f.IsClosed) && packet.Seen.Any(s => s.Spot.Kind == SpotKind.Node && !s.Outbound
            && facts.Is(Trouble.ControlCut, packet.EnteredAt, s.At - BedFacts.Probing, s.At)
            && facts.Spans.Of(Trouble.NodeDead).Any(d => d.Subject == s.Spot.Device && d.To <= s.At && facts.Spans.Of(Trouble.ControlCut).Any(c => c.Subject == packet.EnteredAt && c.Overlaps(d.From, d.To)))
            && facts.Truths.Last(t => t.Since <= s.At).Nodes.FirstOrDefault(n => n.Id == s.Spot.Device + 1) is { } node && missed.All(f => !node.Runs.Contains(f.Owner)));
    }

    // While things change a packet may have met one node before and another one after.
    private bool IsBetween(string letters, TestFlow flow, Truth[] versions, Outcome[] outcomes)
    {
        FilterTruth[] matching = [.. versions.SelectMany(v => v.Matching(flow)).DistinctBy(f => f.Owner).OrderBy(f => f.Order).ThenBy(f => f.Owner)];
        string inOrder = string.Concat(matching.Select(f => f.Letter).Where(letters.Contains));
        string[] delivered = [.. outcomes.Where(o => o.Fate != Fate.FailsClosed).Select(o => o.Letters)];
        bool isClosed = matching.Any(f => f.IsClosed && !letters.Contains(f.Letter) && versions.All(v => v.Matching(flow).Any(m => m.Owner == f.Owner)));
        if (facts.IsLate)
            return letters == inOrder;
        return letters == inOrder && !isClosed && delivered.Length > 0 && letters.All(l => delivered.Any(d => d.Contains(l)))
            && delivered[0].All(l => letters.Contains(l) || !delivered.All(d => d.Contains(l)));
    }

    private bool Window(SentPacket packet, out Truth[] versions)
    {
        (TimeSpan from, TimeSpan to) = (packet.At, packet.LastSeen + BedFacts.Slack);
        Span[] unsettled = [.. facts.Spans.Of(Trouble.Unsettled).Where(s => s.Overlaps(from, to))];
        if (unsettled.Length > 0)
            (from, to) = (Max(Min(from, unsettled.Min(s => s.From)), EarliestOf(packet, to)), Max(to, unsettled.Max(s => s.To)));
        versions = [.. facts.Truths.Where(t => t.Since <= to && t.Until >= from)];
        return unsettled.Length == 0;
    }

    // However much goes on: what was so long ago holds only where somebody could not be told of what came after it.
    private TimeSpan EarliestOf(SentPacket packet, TimeSpan to)
    {
        int[] met = [packet.EnteredAt, .. packet.Seen.Where(s => s.Spot.Kind == SpotKind.Switch).Select(s => s.Spot.Device), .. facts.Truths.SelectMany(t => t.Nodes).Select(n => n.Switch)];
        IEnumerable<Span> waiting = facts.Spans.Of(Trouble.Asked).Where(s => s.Overlaps(packet.At - s_told, to))
            .Concat(facts.Spans.Of(Trouble.ControlCut).Where(s => met.Contains(s.Subject) && s.Overlaps(packet.At - s_believed, to)));
        return waiting.Select(s => s.From).Append(packet.At).Min() - s_told;
    }

    private string? FaultOfLoss(SentPacket packet, Outcome[] outcomes, bool settled)
    {
        if (outcomes.Any(o => o.Fate == Fate.FailsClosed))
            return Count("fail-closed");
        if (outcomes.Any(o => o.Fate == Fate.NoPath))
            return Count("no path");
        if (settled && !facts.IsLate)
            return "it was lost while nothing was out of order";
        return _causes.Find(packet, out string fault) is { } cause ? Count(cause) : fault;
    }

    private string? Count(string cause)
    {
        Losses[cause] = Losses.GetValueOrDefault(cause) + 1;
        return null;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}

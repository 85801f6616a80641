using System.Text;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Verification;
using NetServ.Emulation.Switch;

namespace NetServ.Scenarios.Scale;

/// <summary>What is asked of a run.</summary>
internal static class Verdict
{
    private const int ToldPackets = 5;
    private const int ToldRules = 10;

    /// <summary>Proves on the rules as they are that no packet loops or is lost, processed twice or not at all.</summary>
    public static void Verify(this Testbed bed)
    {
        foreach (NetworkPicture picture in PictureOfBed.PicturesOf(bed))
        {
            CheckReport report = Checker.Check(picture);
            if (!report.IsClean || !report.NotProven.IsEmpty)
                bed.Faults.Add($"{bed.Now.TotalMilliseconds:0.000} the rules are wrong:\n{CheckText.Of(picture, report)}");
        }
    }

    /// <summary>Each switch has what its session believes, nothing else of ours, and nothing that differs.</summary>
    public static void CompareRules(this Testbed bed)
    {
        for (int s = 0; s < bed.Fabric.Switches.Length; s++)
        {
            Dictionary<RuleKey, string> there = [];
            foreach (FlowView flow in bed.Fabric.Switches[s].Core.Flows.Where(f => RuleCookie.TryRead(f.Cookie, out _)))
                there[new RuleKey(flow.Match, flow.Priority)] = flow.Actions;
            IReadOnlyDictionary<RuleKey, Rule> believed = bed.Controller.Channels[s].Session!.State.Rules.All;
            string[] wrong =
            [
                .. there.Where(t => !believed.ContainsKey(t.Key)).Select(t => $"  s{s + 1} has and its session does not know {t.Key.Match} at {t.Key.Priority} -> {t.Value}"),
                .. believed.Where(b => !there.ContainsKey(b.Key)).Select(b => $"  s{s + 1} has not what its session believes: {b.Value.Kind} {b.Key.Match} -> {b.Value.Action}"),
                .. believed.Where(b => there.TryGetValue(b.Key, out string? actions) && !IsSame(actions, b.Value.Action.From(b.Key.Match.InPort)))
                    .Select(b => $"  s{s + 1} does {there[b.Key]} where its session believes {b.Value.Action}: {b.Value.Kind} {b.Key.Match}"),
            ];
            if (wrong.Length > 0)
                bed.Faults.Add($"{bed.Now.TotalMilliseconds:0.000} {wrong.Length} rules are not as believed:\n{string.Join('\n', wrong.Take(ToldRules))}");
        }
    }

    /// <summary>Nothing is left on the switches but what has to be there always.</summary>
    public static void FindLeftovers(this Testbed bed)
    {
        for (int s = 0; s < bed.Fabric.Switches.Length; s++)
        {
            string[] left = [.. bed.Fabric.Switches[s].Core.Flows.Where(f => RuleCookie.TryRead(f.Cookie, out RuleCookie c) && c.Kind is not (RuleKind.Attachment or RuleKind.Signaling or RuleKind.Probe))
                .Select(f => $"  s{s + 1}: priority {f.Priority} {f.Match} -> {f.Actions}")];
            if (left.Length > 0)
                bed.Faults.Add($"{bed.Now.TotalMilliseconds:0.000} {left.Length} rules are left over:\n{string.Join('\n', left.Take(ToldRules))}");
        }
    }

    /// <summary>Stops the traffic, lets what is under way arrive, and accounts for every packet.</summary>
    public static void AccountForAll(this Testbed bed)
    {
        bed.StopTraffic();
        bed.Pass(1.3);
        List<(SentPacket Packet, string Fault)> faults = [];
        foreach (SentPacket packet in bed.Ledger.Packets)
        {
            if (bed.Judge.FaultOf(packet) is { } fault)
                faults.Add((packet, fault));
        }
        bed.Ledger.Forget([.. bed.Ledger.Packets]);
        if (faults.Count > 0)
            bed.Faults.Add($"{faults.Count} packets are not accounted for:");
        foreach (IGrouping<string, (SentPacket Packet, string Fault)> alike in faults.GroupBy(f => f.Fault).Take(ToldPackets))
        {
            (SentPacket packet, string fault) = alike.First();
            bed.Faults.Add($"  {alike.Count()} times, packet {packet.Id} of {packet.Flow}, sent at {packet.At.TotalMilliseconds:0.000}, first: {fault}\n{packet.Journey()}");
        }
    }

    /// <summary>Fails with the whole story if anything is wrong.</summary>
    public static void Check(this Testbed bed, string name)
    {
        if (bed.Faults.Count == 0)
            return;
        StringBuilder text = new();
        text.Append(name).Append('\n').AppendJoin('\n', bed.Story).Append("\nwrong:\n").AppendJoin('\n', bed.Faults)
            .Append($"\n{bed.Judge.Delivered} packets were delivered; lost: {string.Join(", ", bed.Judge.Losses.Select(l => $"{l.Value} {l.Key}"))}");
        Assert.Fail(text.ToString());
    }

    private static bool IsSame(string actions, RuleAction believed) => PictureAction.ReadAll(actions).SequenceEqual(PictureAction.ReadAll(believed.ToString()));
}

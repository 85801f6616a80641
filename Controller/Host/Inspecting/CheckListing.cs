using NetServ.Controller.Core.Verification;
using NetServ.Coordination;

namespace NetServ.Controller.Inspecting;

/// <summary>Reports of checks as the messages of operator.proto.</summary>
internal static class CheckListing
{
    public static CheckReply Of(NetworkPicture picture, CheckReport report)
    {
        Tracer tracer = new(picture);
        CheckReply reply = new()
        {
            Clean = report.IsClean,
            Proven = report.IsProven,
            Verdict = CheckText.Verdict(report),
            Switches = (uint)picture.Switches.Length,
            Rules = (uint)picture.Switches.Sum(s => s.Rules.Length),
            Ingresses = (uint)report.Statistics.Ingresses,
            Steps = (ulong)report.Statistics.Steps,
            Delivered = (ulong)report.Statistics.Delivered,
            ToController = (ulong)report.Statistics.ToController,
            Dropped = (ulong)report.Statistics.Dropped,
        };
        reply.Findings.AddRange(report.Findings.Select(f => Of(tracer, f)));
        reply.Gaps.AddRange(report.Gaps.Select(g => new GapInfo { Kind = g.Kind.ToString().ToLowerInvariant(), OwnerId = g.OwnerId, Text = g.Text, Witness = WayListing.Of(tracer, g.Trace) }));
        reply.NotProven.AddRange(report.NotProven);
        return reply;
    }

    private static FindingInfo Of(Tracer tracer, Finding finding)
    {
        FindingInfo info = new()
        {
            Kind = CheckText.Words(finding.Kind),
            Warning = finding.IsWarning,
            Dpid = finding.At.Dpid,
            Port = finding.At.Port,
            OwnerId = finding.OwnerId,
            Text = finding.Text,
            Count = (ulong)finding.Count,
        };
        if (finding.Trace is { } trace)
            info.Witness = WayListing.Of(tracer, trace);
        return info;
    }
}

namespace NetServ.Demo.Counting;

/// <summary>The demo's JSON.</summary>
internal sealed record RunReport
{
    /// <summary>"emulated" or "ovs".</summary>
    public required string Switch { get; init; }

    /// <summary>How many nodes.</summary>
    public required int Nodes { get; init; }

    /// <summary>"keepalive", "netmonitor" or "mark".</summary>
    public required string Module { get; init; }

    /// <summary>Packets a second that the hosts keep to together.</summary>
    public required int Pps { get; init; }

    /// <summary>Packets of a flow that came back to back at first.</summary>
    public required int Burst { get; init; }

    /// <summary>What SETUP named.</summary>
    public required string Filter { get; init; }

    /// <summary>The same traffic on the same switch without NetServ.</summary>
    public required ControlReport Control { get; init; }

    /// <summary>Before, installed, removed.</summary>
    public required IReadOnlyList<PhaseReport> Phases { get; init; }

    /// <summary>Flows that ran while SETUP and REMOVE arrived.</summary>
    public required IReadOnlyList<TransitionReport> Transitions { get; init; }

    /// <summary>The switch's own counters against ours.</summary>
    public required PortCounters PortCounters { get; init; }

    /// <summary>What was played of a capture; null without one.</summary>
    public CaptureReport? Capture { get; init; }

    /// <summary>Expectations that did not hold, as sentences.</summary>
    public IReadOnlyList<string> Failed { get; init; } = [];

    /// <summary>Whether all held.</summary>
    public bool Ok => Failed.Count == 0;
}

/// <summary>The run without NetServ.</summary>
internal sealed record ControlReport(long Sent, long Delivered, long Lost, long Duplicated, long Reordered);

/// <summary>What became of a capture's frames.</summary>
/// <param name="Frames">In the file.</param>
/// <param name="Played">Of these, sent in each part of the run.</param>
/// <param name="NotPlayed">The rest, by reason.</param>
/// <param name="Readdressed">Frames whose Ethernet addresses were made up from their IP addresses, for want of usable ones.</param>
/// <param name="Hosts">Ethernet addresses played.</param>
/// <param name="SilentHosts">Of these, the ones that the capture never shows as senders; like all others, they announce themselves.</param>
/// <param name="Filter">What SETUP names: "udp 10.0.0.1:5060".</param>
/// <param name="FilterChosen">"most packets", or "given" on the command line.</param>
/// <param name="FilterFrames">Frames played that it names.</param>
internal sealed record CaptureReport(
    int Frames,
    int Played,
    IReadOnlyDictionary<string, int> NotPlayed,
    int Readdressed,
    int Hosts,
    int SilentHosts,
    string Filter,
    string FilterChosen,
    int FilterFrames);

/// <summary>Least and most of something a flow.</summary>
internal readonly record struct Range(int Min, int Max)
{
    /// <summary>Of no flows at all: 0 and 0.</summary>
    public static Range Of(IEnumerable<int> values)
    {
        int[] all = [.. values];
        return all.Length == 0 ? default : new Range(all.Min(), all.Max());
    }
}

/// <summary>Frames per port by the switch's own count.</summary>
/// <param name="Source">"ovs-ofctl dump-ports", or "none" where the switch has no such command.</param>
/// <param name="Agrees">Whether every port's two counters are ours; null where there is no source.</param>
/// <param name="Differences">Where they are not, as sentences.</param>
internal sealed record PortCounters(string Source, bool? Agrees, IReadOnlyList<string> Differences);

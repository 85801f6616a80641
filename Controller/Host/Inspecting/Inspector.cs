using System.Collections.Immutable;
using Grpc.Core;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Topology;
using NetServ.Controller.Core.Verification;
using NetServ.Controller.Decisions;
using NetServ.Controller.OpenFlow;
using NetServ.Coordination;

namespace NetServ.Controller.Inspecting;

/// <summary>Traces packets through the network as it is, and checks it. Nothing is changed by that, and the loops only copy: the work is done elsewhere.</summary>
public sealed class Inspector(CoreLoop core, SwitchLoop switches, RuleReader reader, TimeProvider clock)
{
    // What a change under way looks like is gone by then.
    private static readonly TimeSpan s_settling = TimeSpan.FromMilliseconds(300);
    private const int MostExemptions = 16;

    /// <summary>Where a packet goes.</summary>
    /// <exception cref="RpcException">The packet cannot be read, or enters nowhere.</exception>
    public async Task<TraceReply> TraceAsync(TraceRequest request, CancellationToken stop)
    {
        Dictionary<long, SessionEvent.RulesRead>? read = request.Desired ? null : await reader.ReadAsync(0, stop);
        CoreFacts facts = await core.InspectAsync(CoreFacts.Of);
        LiveState state = await switches.InspectAsync(LiveState.Of);
        NetworkPicture believed = Pictures.Believed(state, facts);
        DescribedPacket packet = Read(request.Packet, believed.Hosts);
        PortId ingress = IngressOf(request, packet, state);
        Tracer inBelief = new(believed);
        Trace asBelieved = inBelief.Trace(ingress, packet.Packet);
        TraceReply reply = new() { Remarks = { packet.Remarks, RemarksOf(state) } };
        if (read is null)
        {
            reply.Way = await WayAsync(believed, inBelief, asBelieved);
            return reply;
        }
        NetworkPicture installed = Pictures.Installed(state, facts, read);
        Tracer onSwitches = new(installed);
        Trace asInstalled = onSwitches.Trace(ingress, packet.Packet);
        reply.Way = await WayAsync(installed, onSwitches, asInstalled);
        if (WayListing.PartingOf(onSwitches, asInstalled, asBelieved) is { } parting)
            (reply.Parting, reply.Believed) = (parting, await WayAsync(believed, inBelief, asBelieved));
        return reply;
    }

    /// <summary>Whether the rules are right. What is wrong is told if it is so twice: tables that are read while they change look wrong for a moment.</summary>
    public async Task<CheckReply> CheckAsync(CheckRequest request, CancellationToken stop)
    {
        CheckOptions options = new();
        if (request.Steps > 0)
            options = options with { Steps = (long)Math.Min(request.Steps, (ulong)options.Steps), StepsPerIngress = (long)Math.Min(request.Steps, (ulong)options.StepsPerIngress) };
        (NetworkPicture picture, CheckReport report) = await CheckAsync(options, stop);
        if (report.Findings.IsEmpty)
            return CheckListing.Of(picture, report);
        HashSet<object> before = [.. report.Findings.Select(KeyOf)];
        await Task.Delay(s_settling, clock, stop);
        (picture, report) = await CheckAsync(options, stop);
        return CheckListing.Of(picture, report with { Findings = [.. report.Findings.Where(f => before.Contains(KeyOf(f)))] });
    }

    private async Task<(NetworkPicture Picture, CheckReport Report)> CheckAsync(CheckOptions options, CancellationToken stop)
    {
        Dictionary<long, SessionEvent.RulesRead> read = await reader.ReadAsync(0, stop);
        CoreFacts facts = await core.InspectAsync(CoreFacts.Of);
        LiveState state = await switches.InspectAsync(LiveState.Of);
        return await Task.Run(() => Check(state, Pictures.Installed(state, facts, read), options), stop);
    }

    private static (NetworkPicture Picture, CheckReport Report) Check(LiveState state, NetworkPicture picture, CheckOptions options)
    {
        CheckReport report = Checker.Check(picture, options);
        for (int i = 0; i < MostExemptions && Exemptions.WithoutLeftOut(picture, report, state) is var next && next != picture; i++)
        {
            picture = next;
            report = Checker.Check(picture, options);
        }
        return (picture, report with { NotProven = [.. report.NotProven, .. RemarksOf(state)] });
    }

    private static object KeyOf(Finding finding) => (finding.Kind, finding.At, finding.Rule?.Match, finding.Rule?.Priority, finding.OwnerId);

    private static DescribedPacket Read(string text, ImmutableArray<PictureHost> hosts) =>
        PacketText.TryParse(text, hosts, out DescribedPacket? packet, out string? error)
            ? packet
            : throw new RpcException(new Status(StatusCode.InvalidArgument, error));

    private static PortId IngressOf(TraceRequest request, DescribedPacket packet, LiveState state)
    {
        if (request.Dpid == 0 && request.Port == 0)
            return packet.Sender ?? throw new RpcException(new Status(StatusCode.InvalidArgument, "no host is known that sends such a packet; say where it enters with --in-port SWITCH:PORT"));
        if (request.Port > ushort.MaxValue || Array.TrueForAll(state.Switches, s => s.Dpid != request.Dpid))
            throw new RpcException(new Status(StatusCode.NotFound, $"switch {Pictures.NameOf(request.Dpid)} is not connected; 'netserv switches' lists those that are"));
        return new PortId(request.Dpid, (ushort)request.Port);
    }

    private static IEnumerable<string> RemarksOf(LiveState state)
    {
        if (state.Switches.Length > 1 && Array.Exists(state.Switches, s => !s.IsRouted))
            yield return "the switches learn for themselves, so links between them are not known: what one sends to another counts as delivered";
        foreach (LiveSwitch cleaned in state.Switches.Where(s => s.IsCleaned))
            yield return $"switch {Pictures.NameOf(cleaned.Dpid)} was cleaned: what enters there passes all filters until it connects again";
    }

    private async Task<Way> WayAsync(NetworkPicture picture, Tracer tracer, Trace trace)
    {
        (Hop Hop, Departure Departure)[] ends = [.. trace.Hops.SelectMany(h => h.Departures.Where(d => d.End == TraceEnd.Controller).Select(d => (h, d)))];
        Dictionary<(Hop, Departure), string> decisions = ends.Length == 0 ? [] : await switches.InspectAsync(loop => Decide(loop, ends, picture));
        return WayListing.Of(tracer, trace, (hop, departure) => decisions.GetValueOrDefault((hop, departure), "its switch is gone"));
    }

    private static Dictionary<(Hop, Departure), string> Decide(SwitchLoop loop, (Hop Hop, Departure Departure)[] ends, NetworkPicture picture)
    {
        Dictionary<(Hop, Departure), string> decisions = [];
        foreach ((Hop hop, Departure departure) in ends)
        {
            if (loop.Connections.Values.FirstOrDefault(c => c.Session.IsRunning && c.Session.Dpid == hop.At.Dpid) is { } connection)
                decisions[(hop, departure)] = DecisionText.Of(Foresight.Of(connection.Session.State, departure.Packet with { InPort = hop.At.Port }, loop.Now), picture);
        }
        return decisions;
    }
}

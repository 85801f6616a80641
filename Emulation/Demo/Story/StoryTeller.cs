using NetServ.Coordination;
using NetServ.Demo.Measuring;
using NetServ.Demo.Running;
using NetServ.Demo.Traffic;

namespace NetServ.Demo.Story;

/// <summary>Finds the seven steps of the story in what crosses the wires. Words about why come from the controller's events; facts do not.</summary>
internal sealed class StoryTeller
{
    private readonly IStory _story;
    private readonly Testbed _testbed;
    private readonly ITraffic _traffic;
    private readonly StepOrder _steps;
    private readonly HashSet<ushort> _nodePorts;
    private readonly Dictionary<ushort, string> _names;
    private Followed? _followed;
    private bool _arrived;

    /// <summary>Sees nothing until <see cref="Start"/>.</summary>
    public StoryTeller(IStory story, Testbed testbed, ITraffic traffic)
    {
        (_story, _testbed, _traffic) = (story, testbed, traffic);
        _steps = new StepOrder(story.Step);
        _nodePorts = [.. testbed.Nodes.Select(n => n.Port)];
        _names = testbed.Taps.ToDictionary(t => t.Number, t => t.Name);
    }

    /// <summary>Begins to look.</summary>
    public void Start()
    {
        _testbed.Observer.FlowModWatcher = OnFlowMod;
        _testbed.Observer.Watcher = OnSighting;
    }

    /// <summary>An event of the controller.</summary>
    public void Happened(Event happened)
    {
        _story.Hear(happened.Text);
        if (happened.Kind == "setup-accepted")
            SetupAccepted();
    }

    /// <summary>The command line has its answer.</summary>
    public void Acknowledged(PhaseCode phase, long asked, long acknowledged)
    {
        double ms = (acknowledged - asked) / 1e6;
        if (phase == PhaseCode.Setup)
        {
            SetupAccepted();
            _story.Note($"{NetServSystem.User}'s command line has its answer after {ms:0} ms: the module runs");
        }
        else
        {
            _steps.GiveUpTo(6);
            _steps.Saw(7, $"REMOVE is accepted ({ms:0} ms): the rules go, the flows take the direct path");
        }
    }

    /// <summary>A part in which all flows sent is over.</summary>
    public void Settled(PhaseCode phase, IReadOnlyList<Sighting> sightings, PhaseSpan span)
    {
        Sighting[] ofPhase = [.. sightings.Where(s => s.Time >= span.Begin && s.Time <= span.End && s.Identity.Flow != Identity.Housekeeping)];
        Sighting[] intoNodes = [.. ofPhase.Where(s => s.Kind == SightingKind.OutOfSwitch && _nodePorts.Contains(s.Port))];
        Sighting[] sent = [.. ofPhase.Where(s => s.Kind == SightingKind.IntoSwitch && !_nodePorts.Contains(s.Port))];
        int packetIns = ofPhase.Count(s => s.Kind == SightingKind.PacketIn);
        _story.Note(Of(sent, intoNodes, packetIns));
        if (phase != PhaseCode.Installed)
            return;
        int later = intoNodes.Count(s => s.Time >= span.Settled);
        int packetInsLater = ofPhase.Count(s => s.Kind == SightingKind.PacketIn && s.Time >= span.Settled);
        _steps.GiveUpTo(5);
        _steps.Saw(6, $"from then on {Count(later, "more packet")} passed the nodes, with {Count(packetInsLater, "PacketIn")}");
    }

    private string Of(Sighting[] sent, Sighting[] intoNodes, int packetIns)
    {
        int flows = sent.Select(s => s.Identity.Flow).Where(f => f >= 0).Distinct().Count();
        if (intoNodes.Length == 0)
            return $"{Count(flows, "flow")}, {Count(sent.Length, "packet")}, all straight; {Count(packetIns, "PacketIn")}";
        string[] shares = [.. intoNodes.GroupBy(s => s.Port).OrderBy(g => g.Key).Select(g => $"{_names[g.Key]} {Flows(g)}")];
        return $"{Count(Flows(intoNodes), "flow")}, {Count(intoNodes.Length, "packet")} by a node ({string.Join(", ", shares)}); {sent.Length - intoNodes.Length} straight";
    }

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    private static int Flows(IEnumerable<Sighting> sightings) => sightings.Select(s => s.Identity.Flow).Distinct().Count();

    private void SetupAccepted() => _steps.Saw(2, $"SETUP accepted: signature good, filter {_traffic.Filter} remembered");

    private void OnFlowMod(FlowModSighting flowMod)
    {
        if (flowMod.Installs)
            _steps.Saw(1, $"the switch connects; its first rule (priority {flowMod.Priority}) precedes all traffic");
    }

    private void OnSighting(Sighting sighting)
    {
        // One packet is followed, the first that goes to a node; before and after that this is a comparison or two a packet.
        if (Volatile.Read(ref _arrived) || sighting.Identity.Flow < 0 || sighting.Identity.Phase is not (PhaseCode.Setup or PhaseCode.Installed))
            return;
        bool atNode = _nodePorts.Contains(sighting.Port);
        if (Volatile.Read(ref _followed) is { } packet)
            Follow(packet.Identity, sighting, atNode);
        else if (sighting.Kind == SightingKind.OutOfSwitch && atNode && _traffic.Flows[sighting.Identity.Flow].Matching)
            Begin(sighting);
    }

    private void Begin(in Sighting sighting)
    {
        if (Interlocked.CompareExchange(ref _followed, new Followed(sighting.Identity), null) is null)
            _steps.Saw(3, $"a first matching packet comes up; its flow is steered to {_names[sighting.Port]} (port {sighting.Port})");
    }

    private void Follow(in Identity packet, in Sighting sighting, bool atNode)
    {
        bool answer = _traffic.Flows[sighting.Identity.Flow].AnswerTo == packet.Flow;
        if (sighting.Identity.Key != packet.Key || !(answer || sighting.Identity.Flow == packet.Flow))
            return;
        (string name, ushort port) = (_names[sighting.Port], sighting.Port);
        if (sighting.Kind == SightingKind.IntoSwitch && atNode)
            _steps.Saw(4, answer ? $"{name}'s module answers it, 200 OK in the server's name, back by port {port}" : $"{name} hands it to the module and sends it back by port {port}");
        else if (sighting.Kind == SightingKind.PacketIn && atNode)
            Arrive($"by port {port} it comes up again: known as processed, a second rule goes in");
        else if (sighting.Kind == SightingKind.OutOfSwitch && !atNode)
            Arrive($"it goes on to {name} at once: a second rule, for the way back, is in");
    }

    private void Arrive(string text)
    {
        _steps.Saw(5, text);
        Volatile.Write(ref _arrived, true);
    }

    /// <summary>The packet whose way is told.</summary>
    private sealed record Followed(Identity Identity);
}

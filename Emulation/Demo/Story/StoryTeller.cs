using NetServ.Coordination;
using NetServ.Demo.Measuring;
using NetServ.Demo.Running;
using NetServ.Demo.Traffic;

namespace NetServ.Demo.Story;

/// <summary>Finds the seven steps of the story in what crosses the wires. Words about why come from the controller's events; facts do not.</summary>
internal sealed class StoryTeller(IStory story, Testbed testbed, ITraffic traffic, DemoOptions options)
{
    private readonly HashSet<ushort> _nodePorts = [.. testbed.Nodes.Select(n => n.Port)];
    private readonly Dictionary<ushort, string> _names = testbed.Taps.ToDictionary(t => t.Number, t => t.Name);
    private int _told;

    /// <summary>Begins to look.</summary>
    public void Start()
    {
        testbed.Observer.FlowModWatcher = OnFlowMod;
        testbed.Observer.Watcher = OnSighting;
    }

    /// <summary>An event of the controller.</summary>
    public void Happened(Event happened) => story.Note($"controller: {happened.Text}");

    /// <summary>The command line has its answer.</summary>
    public void Acknowledged(PhaseCode phase, long asked, long acknowledged)
    {
        double ms = (acknowledged - asked) / 1e6;
        if (phase == PhaseCode.Setup)
            Tell(2, $"SETUP is accepted ({ms:0} ms): {options.ModuleId} runs on {options.Nodes} node{(options.Nodes == 1 ? "" : "s")}, filter {traffic.Filter}");
        else
            Tell(7, $"REMOVE is accepted ({ms:0} ms): the rules go, the flows take the direct path");
    }

    /// <summary>The phase with the module is over.</summary>
    public void Settled(IReadOnlyList<Sighting> sightings, PhaseSpan span)
    {
        int packets = sightings.Count(s => s.Kind == SightingKind.OutOfSwitch && s.Time >= span.Settled && s.Time <= span.End && _nodePorts.Contains(s.Port));
        int packetIns = sightings.Count(s =>
            s.Kind == SightingKind.PacketIn && s.Time >= span.Settled && s.Time <= span.End && s.Identity.Flow != Identity.Housekeeping);
        Tell(6, $"from then on the flows never meet the controller: {packets} more packets through the nodes, {packetIns} PacketIns");
    }

    private void OnFlowMod(FlowModSighting flowMod)
    {
        if (flowMod.Installs)
            Tell(1, $"the switch is connected: its first rule goes in (priority {flowMod.Priority}), before any traffic");
    }

    private void OnSighting(Sighting sighting)
    {
        // Five facts, told once each; after that this is one comparison a packet.
        if (Volatile.Read(ref _told) == 0b111 || sighting.Identity.Flow < 0)
            return;
        if (sighting.Identity.Phase is not (PhaseCode.Setup or PhaseCode.Installed))
            return;
        Flow flow = traffic.Flows[sighting.Identity.Flow];
        bool atNode = _nodePorts.Contains(sighting.Port);
        if (sighting.Kind == SightingKind.OutOfSwitch && atNode && flow.Matching)
            Once(0, 3, $"a matching packet came up to the controller; its flow is steered to {_names[sighting.Port]} at port {sighting.Port}");
        else if (sighting.Kind == SightingKind.IntoSwitch && atNode)
            Once(1, 4, Returned(flow, sighting.Port));
        else if (sighting.Kind == SightingKind.PacketIn && atNode)
            Once(2, 5, $"what the node sent comes up once more, by port {sighting.Port}: known as processed, a second rule brings it on its way");
    }

    private string Returned(Flow flow, ushort port) => flow.AnswerTo >= 0
        ? $"{_names[port]} hands it to the module, which answers 200 OK in the server's name, back by port {port}"
        : $"{_names[port]} hands it to the module and returns it by port {port}";

    private void Once(int bit, int step, string text)
    {
        if ((Interlocked.Or(ref _told, 1 << bit) & (1 << bit)) == 0)
            Tell(step, text);
    }

    private void Tell(int step, string text) => story.Step(step, text);
}

using System.Collections.Immutable;
using NetServ.Controller.Core.Admission;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Modules;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Switches;
using NetServ.Controller.Core.Topology;
using NetServ.Packets;

namespace NetServ.Controller.Core;

/// <summary>
/// The controller's decisions. One writer calls <see cref="Apply"/> with one input after the other and does what it returns; the same inputs at
/// the same times give the same effects.
/// </summary>
public sealed class ControllerCore
{
    private readonly CoreContext _context = new();

    /// <summary>Nothing connected, nothing installed.</summary>
    public ControllerCore(CoreOptions options, AdmissionControl admission)
    {
        Switches = new SwitchRegistry(_context, options);
        Nodes = new NodePool(_context, options);
        Links = new LinkTable(_context, options.Domain);
        Tags = new TagBook(_context, options);
        Hosts = new HostBook(_context, Tags.NoteVlan, options.MaxHosts);
        Destinations = new Destinations(_context, Hosts.Hosts);
        Watch = new NodeWatch(_context, Nodes, Switches);
        Drain = new NodeDrain(_context, options, Nodes);
        Weights = new NodeWeights(_context, Nodes);
        Modules = new ModuleManager(_context, options, admission, Nodes, Switches);
    }

    /// <summary>The switches at work.</summary>
    public SwitchRegistry Switches { get; }

    /// <summary>The nodes.</summary>
    public NodePool Nodes { get; }

    /// <summary>Whether they are alive.</summary>
    public NodeWatch Watch { get; }

    /// <summary>Their shares of new flows.</summary>
    public NodeWeights Weights { get; }

    /// <summary>Their way out.</summary>
    public NodeDrain Drain { get; }

    /// <summary>The modules.</summary>
    public ModuleManager Modules { get; }

    /// <summary>The links between switches.</summary>
    public LinkTable Links { get; }

    /// <summary>The hosts.</summary>
    public HostBook Hosts { get; }

    /// <summary>The hosts that packets of proactive filters may be for.</summary>
    public Destinations Destinations { get; }

    /// <summary>VLAN ids of steered frames between switches.</summary>
    public TagBook Tags { get; }

    /// <summary>What decides about packets now.</summary>
    public Snapshot Snapshot { get; private set; } = Snapshot.Empty;

    /// <summary>Takes one input.</summary>
    /// <param name="input">What happened.</param>
    /// <param name="now">When, in milliseconds of a clock that never goes back.</param>
    /// <returns>What to do about it, in order; valid until the next call.</returns>
    public IReadOnlyList<CoreEffect> Apply(CoreInput input, long now)
    {
        _context.Begin(now);
        Take(input);
        Settle();
        _context.End();
        return _context.Effects;
    }

    private void Take(CoreInput input)
    {
        switch (input)
        {
            case CoreInput.Restored restored:
                Nodes.Restore(restored.Records);
                Links.Restore(restored.Records);
                Tags.Restore(restored.Records, name => Nodes.Find(name)?.Id ?? 0);
                Modules.Restore(restored.Records, restored.Wall);
                break;
            case CoreInput.SwitchReported reported:
                TakeSwitch(reported);
                break;
            case CoreInput.SwitchGone gone:
                if (Switches.OfSession(gone.SessionId) is { } lost)
                    Links.NoteAway(lost.Dpid);
                Switches.Remove(gone.SessionId, gone.Reason);
                break;
            case CoreInput.NodeConnected connected:
                TakeNode(connected);
                break;
            case CoreInput.Submitted submitted:
                Modules.Submit(submitted);
                break;
            case CoreInput.DrainAsked asked:
                Drain.Take(asked);
                break;
            case CoreInput.FlowsCounted counted:
                Nodes.TakeFlows(counted.Nodes);
                break;
            case CoreInput.Tick:
                LoseSilentNodes();
                Watch.Tick();
                Drain.Tick();
                Weights.Tick();
                Nodes.EndLeaving();
                Links.Tick();
                Destinations.Tick();
                break;
            default:
                TakeFromNode(input);
                break;
        }
    }

    private void TakeSwitch(CoreInput.SwitchReported reported)
    {
        switch (reported.Event)
        {
            case SessionEvent.Ready ready:
                Switches.Add(reported.SessionId, reported.Peer, ready);
                Links.AddSwitch(ready.Dpid, ready.Ports);
                Nodes.TakePorts(ready.Dpid, ready.Ports, again: true, reported.Random);
                break;
            case SessionEvent.PortsChanged changed:
                Switches.SetPorts(reported.SessionId, changed.Ports);
                Links.TakePorts(changed.Dpid, changed.Ports);
                Nodes.TakePorts(changed.Dpid, changed.Ports, again: false, reported.Random);
                break;
            case SessionEvent.LinkHeard heard when IsAtWork(reported, heard.At.Dpid):
                Links.Heard(heard.At, heard.From);
                break;
            case SessionEvent.LinkLost lost when IsAtWork(reported, lost.Dpid):
                Links.Lost(new PortId(lost.Dpid, lost.Port));
                break;
            case SessionEvent.HostsHeard heard:
                Hosts.Take(heard.Hosts);
                Destinations.Take(Hosts.Taken);
                break;
            case SessionEvent.BarrierPassed passed:
                Switches.Passed(reported.SessionId, passed.Token);
                break;
            case SessionEvent.AttachmentSeen seen when Watch.TryTake(seen):
                break;
            case SessionEvent.PortCounted counted:
                Watch.TakeCount(counted.Dpid, counted.Port, counted.Received);
                break;
            case SessionEvent.AttachmentSeen seen:
                Nodes.TakeAttachment(reported.SessionId, seen, reported.Random);
                break;
            case SessionEvent.Placed placed:
                string node = Nodes.Find(placed.NodeId)?.Name ?? "";
                _context.Report("placed", $"{placed.Flow} goes through node {node}", ("owner", placed.OwnerId), ("node", node), ("dpid", placed.Dpid), ("flow", placed.Flow));
                break;
            case SessionEvent.Alarm alarm:
                _context.Report("alarm", alarm.Text);
                break;
            case SessionEvent.Mended mended:
                _context.Report("mended", $"switch {mended.Dpid:x16} did not have what it should have: {mended.Missing} rules were gone, {mended.Replaced} wrong, {mended.Unknown} of ours unknown; mended",
                    ("dpid", mended.Dpid), ("missing", mended.Missing), ("replaced", mended.Replaced), ("unknown", mended.Unknown));
                break;
            case SessionEvent.Cleaned cleaned:
                _context.Report("cleaned", $"switch {cleaned.Dpid:x16}: {cleaned.Removed} rules of ours taken off, {cleaned.LeftAlone} of others left alone; nothing of ours goes there until it connects again",
                    ("dpid", cleaned.Dpid), ("removed", cleaned.Removed), ("left", cleaned.LeftAlone));
                break;
        }
    }

    // A session tells all its links again when it is ready; one that was replaced has nothing to say any more.
    private bool IsAtWork(CoreInput.SwitchReported reported, ulong dpid) => Switches.OfSession(reported.SessionId)?.Dpid == dpid;

    private void TakeNode(CoreInput.NodeConnected connected)
    {
        if (Nodes.Connect(connected) is not { } node)
            return;
        Modules.NodeLost(node);
        foreach (ModuleReport report in connected.Greeting.Modules)
            Modules.TakeReport(node, report);
        if (node.Status == NodeStatus.Attached)
            Modules.NodeAttached(node);
    }

    private void TakeFromNode(CoreInput input)
    {
        PooledNode? node = Nodes.OfStream(StreamOf(input));
        if (node is null)
            return;
        node.HeardAt = _context.Now;
        switch (input)
        {
            case CoreInput.NodeHeard heard:
                NodeWeights.Take(node, heard.Load);
                foreach (ModuleReport report in heard.Modules)
                    Modules.TakeReport(node, report);
                break;
            case CoreInput.ModuleReported reported:
                Modules.TakeReport(node, reported.Report);
                break;
            case CoreInput.NonceAsked asked:
                Nodes.GiveNonce(node, asked.Nonce);
                break;
            case CoreInput.ChallengeAnswered answered:
                if (Nodes.TakeAnswer(node, answered.Challenge))
                    Modules.NodeAttached(node);
                break;
            case CoreInput.FlowsReleased released:
                _context.Do(new CoreEffect.PublishReleases(node.Id, TuplesOf(released.Flows), true));
                break;
            case CoreInput.FlowsRecalled recalled:
                _context.Do(new CoreEffect.PublishReleases(node.Id, TuplesOf(recalled.Flows), false));
                break;
            case CoreInput.NodeLeaving:
                Nodes.Leave(node);
                break;
            case CoreInput.NodeGone gone when Watch.TryHurry(node):
                Nodes.Await(node, gone.Reason);
                break;
            case CoreInput.NodeGone gone:
                Lose(node, gone.Reason);
                break;
        }
    }

    private static ImmutableArray<FiveTuple> TuplesOf(ImmutableArray<(uint OwnerId, FiveTuple Flow)> flows) => [.. flows.Select(f => f.Flow).Distinct()];

    private static long StreamOf(CoreInput input) => input switch
    {
        CoreInput.NodeHeard heard => heard.StreamId,
        CoreInput.ModuleReported reported => reported.StreamId,
        CoreInput.NonceAsked asked => asked.StreamId,
        CoreInput.ChallengeAnswered answered => answered.StreamId,
        CoreInput.FlowsReleased released => released.StreamId,
        CoreInput.FlowsRecalled recalled => recalled.StreamId,
        CoreInput.NodeLeaving leaving => leaving.StreamId,
        CoreInput.NodeGone gone => gone.StreamId,
        _ => 0,
    };

    private void LoseSilentNodes()
    {
        foreach (PooledNode node in Nodes.Unconfirmed().ToArray())
            Lose(node, "it did not come back after the controller's start");
        Nodes.EndUnshown();
        foreach (PooledNode node in Watch.Silent().ToArray())
        {
            if (node.StreamId != 0)
                _context.Do(new CoreEffect.EndNode(node.StreamId));
            Lose(node, "its packets do not come back any more");
        }
        foreach (PooledNode node in Nodes.Silent().Where(n => !n.AnswersProbes).ToArray())
        {
            _context.Do(new CoreEffect.EndNode(node.StreamId));
            Lose(node, "it was not heard for three heartbeats");
        }
    }

    private void Lose(PooledNode node, string reason)
    {
        Nodes.Lose(node, reason);
        Modules.NodeLost(node);
    }

    // Barriers that passed may let modules go on, and that may ask for the next snapshot.
    private void Settle()
    {
        foreach (long token in Switches.TakeDone())
        {
            Modules.BarrierPassed(token);
            Nodes.BarrierPassed(token);
            Drain.BarrierPassed(token);
        }
        Modules.Advance();
        // One switch alone has nobody to send tagged frames to.
        if (Links.Map.Links.Length > 0 && (_context.Changed || Tags.HasNewVlan))
            _context.Changed |= Tags.Complete(Nodes.All.Where(n => n.Place is not null).Select(n => (n.Id, n.Name)));
        if (!_context.Changed)
            return;
        Snapshot next = NextSnapshot();
        Snapshot = next;
        if (_context.Token is { } token2)
            Switches.Await(token2);
        _context.Do(new CoreEffect.Publish(next, _context.Token));
    }

    private Snapshot NextSnapshot()
    {
        FilterSet filters = Snapshot.Filters;
        List<FilterEntry> changed = [];
        foreach (uint owner in Modules.TakeChanged())
        {
            (FilterEntry? before, FilterEntry? after) = (filters.Find(owner), Modules.FilterOf(owner));
            if (before is null ? after is null : after is not null && before.IsSameAs(after))
                continue;
            if (before is not null)
                changed.Add(before);
            if (after is not null)
                changed.Add(after);
            filters = after is null ? filters.Without(owner) : filters.With(after);
        }
        // A switch without us has no rules for flows that it has not seen: nodes behind it keep those that they have.
        ImmutableArray<NodeEntry> nodes = [.. Nodes.All.Select(n => Nodes.EntryOf(n, Modules.IsInUse(n.Id))).OfType<NodeEntry>().Select(n => Links.IsAway(n.Dpid) ? n with { TakesNew = false } : n)];
        if (nodes.SequenceEqual(Snapshot.Nodes))
            nodes = Snapshot.Nodes;
        return new Snapshot(Snapshot.Generation + 1, filters, nodes) { ChangedFilters = [.. changed], Destinations = Destinations.Of(filters.Proactive), Ending = [.. Modules.EndingFilters()], Map = Links.Map, Tags = Tags.Tags, Tables = Snapshot.Tables };
    }
}

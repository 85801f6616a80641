using System.Collections.Immutable;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Modules;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Topology;

namespace NetServ.Scenarios.Scale;

internal sealed partial class Testbed
{
    private static readonly TimeSpan s_calm = TimeSpan.FromMilliseconds(300);

    private readonly List<Truth> _truths = [];
    private readonly SortedDictionary<char, FilterTruth> _filters = [];
    private readonly List<(long Ticket, FilterTruth Filter)> _setups = [];
    private readonly List<long> _tickets = [];
    private TimeSpan? _calmSince;
    private int _reports;

    /// <summary>How things are.</summary>
    public Truth Truth => _truths[^1];

    /// <summary>What the controller does not know as it is, or has not done; null if nothing.</summary>
    public string? Unsettled { get; private set; } = "the beginning";

    public IReadOnlyCollection<char> Letters => _filters.Keys;

    /// <summary>Lets time pass until the controller knows how things are, and some more; a fault if that never comes.</summary>
    public void Settle(double within = 25)
    {
        TimeSpan end = Now + TimeSpan.FromSeconds(within);
        while (Spans.IsAnyOpen(Trouble.Unsettled) && Now < end)
            Pass(0.02);
        if (Spans.IsAnyOpen(Trouble.Unsettled))
            Faults.Add($"{within} s later the network has not settled: {Unsettled}");
    }

    /// <summary>Something has changed, or is about to.</summary>
    private void Disturb(string what)
    {
        Tell(what);
        Spans.Begin(Trouble.Unsettled, 0);
        _calmSince = null;
        Poll();
    }

    private void Poll()
    {
        TakeReports();
        TakeAnswers();
        for (int s = 0; s < _fabric.Switches.Length; s++)
        {
            if (_fabric.Switches[s].Core.IsBehind)
                Spans.Begin(Trouble.Behind, s);
            else
                Spans.End(Trouble.Behind, s);
        }
        _noRoom.UnionWith(Enumerable.Range(0, _fabric.Switches.Length).Where(s => Controller.IsUp && Controller.Channels[s].Session is { State.Counters.NoRoom: > 0 }));
        foreach (Station station in Stations.Where(s => !s.IsMoving && IsKnown(s, out PortId at) && at == PlaceOf(s)))
            Spans.End(Trouble.HostMoving, station.Index);
        Truth now = Look();
        if (_truths.Count == 0 || now.Text != Truth.Text)
        {
            if (_truths.Count > 0)
            {
                Truth.Until = Now;
                Tell($"  now {now.Text}");
            }
            _truths.Add(now);
        }
        Unsettled = WhatIsUnsettled();
        if (Unsettled is not null)
        {
            if (!Spans.IsAnyOpen(Trouble.Unsettled))
            {
                // A switch that takes its time needs no other cause.
                if (!_fabric.Switches.Any(s => s.Core.IsBehind))
                    Faults.Add($"{Now.TotalMilliseconds:0.000} without cause: {Unsettled}");
                Spans.Begin(Trouble.Unsettled, 0);
            }
            _calmSince = null;
            return;
        }
        _calmSince ??= Now;
        if (Now - _calmSince >= s_calm && Spans.IsAnyOpen(Trouble.Unsettled))
        {
            Spans.End(Trouble.Unsettled, 0);
            Tell("  settled");
        }
    }

    private Truth Look()
    {
        ImmutableArray<int> part = Parts();
        ImmutableArray<NodeTruth> nodes = [.. Nodes.Select((n, i) => (Node: n, Index: i)).Where(n => IsOfUse(n.Index))
            .Select(n => new NodeTruth((uint)n.Index + 1, _nodeSwitch[n.Index], [.. _filters.Values.Select(f => f.Owner).Where(n.Node.Runs)]))];
        ImmutableArray<int> hosts = [.. Stations.Select(s => s.Switch)];
        string text = $"filters {string.Join(' ', _filters.Values.Select(f => $"{f.Letter}"))}; "
            + string.Join(' ', nodes.Select(n => $"node{n.Id}:{string.Concat(_filters.Values.Where(f => n.Runs.Contains(f.Owner)).Select(f => f.Letter))}"))
            + $"; parts {string.Join("", part)}; hosts at {string.Join("", hosts.Select(h => h + 1))}";
        return new Truth(Now, [.. _filters.Values], nodes, part, hosts, text);
    }

    // What is drained takes no packets, though it could.
    private bool IsOfUse(int node) => Nodes[node].IsAttached && !Nodes[node].IsFrozen && Pooled(node).Drain < DrainState.Moving;

    private PooledNode Pooled(int node) => Controller.Core.Nodes.All[node];

    private ImmutableArray<int> Parts()
    {
        int[] part = [.. Enumerable.Range(0, _fabric.Switches.Length)];
        for (int round = 0; round < part.Length; round++)
        {
            for (int i = 0; i < _fabric.Links.Count; i++)
            {
                if (!Spans.IsOpen(Trouble.LinkCut, i))
                    part[_fabric.Links[i].A] = part[_fabric.Links[i].B] = Math.Min(part[_fabric.Links[i].A], part[_fabric.Links[i].B]);
            }
        }
        return [.. part];
    }

    private void TakeAnswers()
    {
        foreach ((long ticket, FilterTruth filter) in _setups.ToArray())
        {
            if (!Controller.IsAnswered(ticket))
                continue;
            _setups.Remove((ticket, filter));
            Spans.End(Trouble.Asked, (int)ticket);
            if (Controller.Wait(ticket).Refusal is { } refusal)
            {
                Tell($"  SETUP of {filter.Letter} is refused: {refusal}");
                Withdraw(filter);
            }
        }
        foreach (long ticket in _tickets.Where(Controller.IsAnswered))
            Spans.End(Trouble.Asked, (int)ticket);
        _tickets.RemoveAll(Controller.IsAnswered);
    }

    // What the controller says of it all.
    private void TakeReports()
    {
        for (; _reports < Controller.Reports.Count; _reports++)
        {
            if (Controller.Reports[_reports].Kind != "placed")
                Tell($"    controller: {Controller.Reports[_reports].Text}");
        }
    }

    private void Withdraw(FilterTruth filter)
    {
        if (_filters.TryGetValue(filter.Letter, out FilterTruth? there) && there.Owner == filter.Owner)
            _filters.Remove(filter.Letter);
    }

    private string? WhatIsUnsettled()
    {
        if (!Controller.IsUp)
            return "the controller is away";
        for (int s = 0; s < _fabric.Switches.Length; s++)
        {
            if (Controller.Channels[s].Session is not { IsRunning: true } session)
                return $"s{s + 1} has no controller";
            if (session.State.Earlier.IsWaiting)
                return $"s{s + 1} believes what it found";
        }
        if (_setups.Count + _tickets.Count > 0)
            return "a request is not answered";
        return UnsettledModule() ?? UnsettledNode() ?? UnsettledPlace() ?? UnsettledTable();
    }

    private string? UnsettledModule()
    {
        foreach (InstalledModule module in Controller.Core.Modules.All)
        {
            if (module.Phase != ModulePhase.Active)
                return $"{module.Request.Module} is {module.Phase}";
            if (!_filters.Values.Any(f => f.Owner == module.OwnerId))
                return $"{module.Request.Module} is there and nobody wants it";
        }
        FilterTruth? missing = _filters.Values.FirstOrDefault(f => Controller.Core.Modules.All.All(m => m.OwnerId != f.Owner));
        return missing is null ? null : $"{missing.Letter} is not there";
    }

    private string? UnsettledNode()
    {
        for (int n = 0; n < Nodes.Count; n++)
        {
            PooledNode node = Pooled(n);
            bool moves = Nodes[n].IsAttached && !Nodes[n].IsFrozen;
            if (moves != (node.Status == NodeStatus.Attached))
                return $"{node.Name} is {node.Status} and {(moves ? "moves" : "does not move")} packets";
            if (!moves)
                continue;
            if (node.StreamId == 0 || node.Drain is DrainState.Draining or DrainState.Moving)
                return $"{node.Name} has {(node.StreamId == 0 ? "no stream" : "flows to move")}";
            if (Controller.Core.Modules.All.FirstOrDefault(m => (m.Nodes.GetValueOrDefault(node.Id)?.Status == ModuleStatus.Active) != Nodes[n].Runs(m.OwnerId)) is { } module)
                return $"{module.Request.Module} on {node.Name} is not what it seems";
            if (Nodes[n].Modules > Controller.Core.Modules.All.Count)
                return $"{node.Name} runs what nobody wants";
        }
        return null;
    }

    private string? UnsettledPlace()
    {
        int up = _fabric.Links.Where((_, i) => !Spans.IsOpen(Trouble.LinkCut, i)).Count();
        if (Controller.Core.Links.Map.Links.Length != up)
            return $"{up} links are up, and {Controller.Core.Links.Map.Links.Length} known";
        foreach (Station station in Stations)
        {
            if (station.IsMoving)
                return $"{station.Name} is moving";
            if (IsKnown(station, out PortId at) && at != PlaceOf(station))
                return $"{station.Name} is taken for at {at}";
        }
        return null;
    }

    private string? UnsettledTable() => _fabric.Switches.FirstOrDefault(s => s.Core.IsBehind) is { } behind ? $"{behind.Name} forwards by older rules" : null;

    private bool IsKnown(Station station, out PortId at) => Controller.Core.Hosts.Hosts.TryFind(new HostKey(station.Host.Mac, station.Vlan), out at);

    private static PortId PlaceOf(Station station) => new((ulong)station.Switch + 1, station.Port);
}

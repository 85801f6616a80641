namespace NetServ.Scenarios.Scale;

/// <summary>What happens next, of what can.</summary>
/// <param name="bed">Where.</param>
/// <param name="random">What is drawn from.</param>
/// <param name="wide">What filters and flows of all kinds are drawn from; null for none of them.</param>
internal sealed class RandomEvents(Testbed bed, Random random, Random? wide = null)
{
    private const int MostFilters = 5;
    private static readonly string[] s_orders = ["50", "100", "150"];

    private readonly Condition[] _nodes = new Condition[bed.Nodes.Count];

    /// <summary>Flows that are there all the time.</summary>
    public List<TestFlow> Flows { get; } = [];

    private enum Condition
    {
        Out = 0,
        Up,
        Frozen,
        Killed,
        NoStream,
        Drained,
    }

    /// <summary>Whether somebody has no controller, so that nothing settles.</summary>
    public bool IsSomethingAway => bed.Spans.IsAnyOpen(Trouble.ControlCut) || _nodes.Contains(Condition.NoStream);

    /// <summary>A node joins, or not yet.</summary>
    public void MaybeAdd(int node)
    {
        if (random.Next(4) != 0)
            Join(node);
    }

    /// <summary>Has something happen.</summary>
    public void Next()
    {
        List<Action> possible = [];
        if (bed.Controller.IsUp)
            AddRequests(possible);
        if (bed.Controller.IsUp && wide is not null && Flows.Count > 0)
            AddReleases(possible, Flows[wide.Next(Flows.Count)]);
        for (int n = 0; n < _nodes.Length; n++)
            AddOfNode(possible, n);
        AddOfNetwork(possible);
        possible[random.Next(possible.Count)]();
    }

    /// <summary>Ends all that is out of order.</summary>
    public void MendAll()
    {
        if (!bed.Controller.IsUp)
            bed.StartController();
        for (int s = 0; s < bed.Fabric.Switches.Length; s++)
        {
            if (bed.Spans.IsOpen(Trouble.ControlCut, s))
                bed.MendControl(s);
        }
        for (int l = 0; l < bed.Fabric.Links.Count; l++)
        {
            if (bed.Spans.IsOpen(Trouble.LinkCut, l))
                bed.MendLink(l);
        }
        for (int n = 0; n < _nodes.Length; n++)
        {
            if (_nodes[n] == Condition.NoStream)
                Set(n, Condition.Up, () => bed.Reconnect(n, 1));
        }
    }

    public void RemoveAll()
    {
        foreach (char letter in bed.Letters.ToArray())
            bed.Remove(letter);
    }

    private void AddRequests(List<Action> possible)
    {
        char? free = "ABCDE".Cast<char?>().FirstOrDefault(l => !bed.Letters.Contains(l!.Value) && bed.Controller.Core.Modules.All.All(m => m.Request.Module.Name[^1] != l));
        for (int weight = 0; weight < 3 && free is not null; weight++)
            possible.Add(() => Setup(free.Value));
        char[] there = [.. bed.Letters];
        if (there.Length > 0)
            possible.Add(() => bed.Remove(there[random.Next(there.Length)]));
    }

    // What its modules have seen enough of, and want back: each node says so for what it has.
    private void AddReleases(List<Action> possible, TestFlow flow)
    {
        possible.Add(() => bed.Release(flow));
        if (bed.IsReleased(flow) && bed.Nodes.All(n => n.Stream != 0 && !n.IsFrozen))
            possible.Add(() => bed.Recall(flow));
    }

    private void AddOfNode(List<Action> possible, int n)
    {
        switch (_nodes[n])
        {
            case Condition.Out:
                possible.Add(() => Join(n));
                break;
            case Condition.Up when bed.Nodes[n].Stream != 0:
                possible.Add(() => Set(n, Condition.Frozen, () => bed.Freeze(n)));
                possible.Add(() => Set(n, Condition.Killed, () => bed.Kill(n)));
                if (bed.Controller.IsUp && bed.Spans.Of(Trouble.ControlCut).All(s => s.To < bed.Now))
                {
                    possible.Add(() => Set(n, Condition.NoStream, () => bed.BreakStream(n)));
                    if (bed.Nodes[n].IsAttached)
                        possible.Add(() => Set(n, Condition.Drained, () => bed.Drain(n, random.Next(1500))));
                }
                break;
            case Condition.Frozen or Condition.Killed:
                bool anew = _nodes[n] == Condition.Killed;
                possible.Add(() => Set(n, Condition.Up, () => bed.Revive(n, anew)));
                possible.Add(possible[^1]);
                break;
            case Condition.NoStream:
                possible.Add(() => Set(n, Condition.Up, () => bed.Reconnect(n, 1 + (uint)random.Next(3))));
                possible.Add(possible[^1]);
                break;
            case Condition.Drained when bed.Controller.IsUp:
                possible.Add(() => Set(n, Condition.Up, () => bed.Resume(n)));
                break;
        }
    }

    private void AddOfNetwork(List<Action> possible)
    {
        for (int l = 0; l < bed.Fabric.Links.Count; l++)
        {
            int link = l;
            possible.Add(bed.Spans.IsOpen(Trouble.LinkCut, link) ? () => bed.MendLink(link) : () => bed.CutLink(link));
        }
        for (int s = 0; s < bed.Fabric.Switches.Length && bed.Controller.IsUp; s++)
        {
            int at = s;
            possible.Add(bed.Spans.IsOpen(Trouble.ControlCut, at) ? () => bed.MendControl(at) : () => bed.CutControl(at));
        }
        // One that starts knows nothing of switches that do not connect: their neighbours would take them for foreign ones.
        if (!bed.Controller.IsUp)
            possible.AddRange([bed.StartController, bed.StartController, bed.StartController]);
        else if (!bed.Spans.IsAnyOpen(Trouble.ControlCut))
            possible.Add(bed.KillController);
        int station = random.Next(bed.Stations.Count), to = random.Next(bed.Fabric.Switches.Length);
        if (!bed.Stations[station].IsMoving && bed.Stations.All(s => (s.Switch, s.Port) != (to, (ushort)9)))
            possible.Add(() => bed.Move(station, to, 9, 0.15 + random.NextDouble()));
    }

    private void Join(int node) => Set(node, Condition.Up, () => bed.Add(node));

    private void Set(int node, Condition condition, Action happens)
    {
        _nodes[node] = condition;
        happens();
    }

    private void Setup(char letter)
    {
        foreach (TestNode node in bed.Nodes)
            node.Fails = random.Next(3) == 0 ? ("module-start-failed", "it does not start here") : null;
        Station to = bed.Stations[random.Next(bed.Stations.Count)], from = bed.Stations[random.Next(bed.Stations.Count)];
        string prefix = random.Next(3) switch { 0 => "10.0.0.0/24", 1 => "10.0.0.0/30", _ => to.Host.Address.ToString() };
        List<(string, string)> more = [("filter-order", s_orders[random.Next(s_orders.Length)])];
        if (random.Next(4) == 0)
            more.Add(("filter-src-ipv4", from.Host.Address.ToString()));
        if (random.Next(4) == 0)
            more.Add(("filter-direction", "both"));
        if (random.Next(5) == 0)
            more.Add(("failure-mode", "closed"));
        bool hasPorts = random.Next(3) != 0;
        if (wide is not null)
            AddKinds(more, hasPorts);
        bed.Setup(letter, hasPorts ? $"udp {prefix} 5060" : $"ip {prefix}", [.. more]);
    }
    private void AddKinds(List<(string Name, string Value)> more, bool hasPorts)
    {
        if (wide!.Next(3) == 0)
            more.Add(("steering", "proactive"));
        if (wide.Next(4) == 0)
            more.Add(("spread", "tos"));
        if (hasPorts && wide.Next(6) == 0)
            more.Add(("filter-src-port", $"{1000 + wide.Next(8)}"));
        if (wide.Next(6) == 0 && more.All(m => m.Name != "filter-direction"))
            more.Add(("filter-direction", "reverse"));
    }
}

using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.Signaling;

namespace NetServ.Scenarios.Scale;

internal sealed partial class Testbed
{
    /// <summary>SETUP of the module with a letter.</summary>
    public void Setup(char letter, string filter, params (string Name, string Value)[] more)
    {
        byte[] text = Controller.Sign(RequestCommand.Setup, $"m.Mark-{letter}_1.0", filter, more);
        Assert.That(NetServRequest.TryParse(text, out NetServRequest? request, out RequestRefusal? refusal), Is.True, () => refusal!.ToString());
        FilterTruth wanted = new(OwnerIds.Choose(request!, id => Controller.Core.Modules.All.Any(m => m.OwnerId == id)), request!);
        _filters[letter] = wanted;
        _setups.Add((Ask(Controller.SendText(text, dryRun: false)), wanted));
        Disturb($"SETUP of {letter} for {filter} {string.Join(' ', more.Select(m => $"{m.Name}={m.Value}"))}");
    }

    /// <summary>REMOVE of it.</summary>
    public void Remove(char letter)
    {
        _filters.Remove(letter);
        _tickets.Add(Ask(Controller.Send(RequestCommand.Remove, $"m.Mark-{letter}_1.0", "")));
        Disturb($"REMOVE of {letter}");
    }

    private long Ask(long ticket)
    {
        Spans.Begin(Trouble.Asked, (int)ticket);
        return ticket;
    }

    /// <summary>A node is there for the first time.</summary>
    public void Add(int node)
    {
        Nodes[node].IsStateless = IsStateless;
        Disturb($"{Nodes[node].Name} connects at s{_nodeSwitch[node] + 1}");
        Nodes[node].ConnectWhenUp();
    }

    public void Freeze(int node)
    {
        Spans.Begin(Trouble.NodeDead, node);
        Nodes[node].Freeze();
        Disturb($"{Nodes[node].Name} freezes");
    }

    public void Kill(int node)
    {
        Spans.Begin(Trouble.NodeDead, node);
        Nodes[node].Die();
        Disturb($"{Nodes[node].Name} is killed");
    }

    /// <summary>A frozen node goes on; a killed one is started anew.</summary>
    public void Revive(int node, bool anew)
    {
        if (anew)
            Nodes[node].Forget();
        Spans.End(Trouble.NodeDead, node);
        Nodes[node].Thaw();
        Nodes[node].ConnectWhenUp();
        Disturb($"{Nodes[node].Name} {(anew ? "is started anew" : "thaws")}");
    }

    public void BreakStream(int node)
    {
        Nodes[node].BreakStream();
        Disturb($"the stream of {Nodes[node].Name} breaks");
    }

    public void Reconnect(int node, uint capacity)
    {
        Nodes[node].Capacity = capacity;
        Nodes[node].ConnectWhenUp();
        Disturb($"{Nodes[node].Name} connects again with capacity {capacity}");
    }

    public void Drain(int node, int withinMs)
    {
        _tickets.Add(Ask(Controller.Ask(Nodes[node].Name, resume: false, withinMs)));
        Disturb($"{Nodes[node].Name} is drained within {withinMs} ms");
    }

    public void Resume(int node)
    {
        _tickets.Add(Ask(Controller.Ask(Nodes[node].Name, resume: true, 0)));
        Disturb($"{Nodes[node].Name} is resumed");
    }

    /// <summary>All modules have seen enough of a flow: from now on it goes to them, or past them.</summary>
    public void Release(TestFlow flow)
    {
        if (!_released.Contains(flow))
            _released.Add(flow);
        Spans.Begin(Trouble.Released, _released.IndexOf(flow));
        foreach (TestNode node in Nodes.Where(n => n.Stream != 0 && !n.IsFrozen))
            node.Release(flow.Key.Tuple);
        Disturb($"{flow} is released");
    }

    /// <summary>They want it back.</summary>
    public void Recall(TestFlow flow)
    {
        foreach (TestNode node in Nodes)
            node.Release(flow.Key.Tuple, released: false);
        Spans.End(Trouble.Released, _released.IndexOf(flow));
        Disturb($"{flow} is called back");
    }

    public bool IsReleased(TestFlow flow) => _released.Contains(flow) && Spans.IsOpen(Trouble.Released, _released.IndexOf(flow));

    public void CutLink(int link)
    {
        Spans.Begin(Trouble.LinkCut, link);
        _fabric.SetLink(link, up: false);
        Disturb($"link {link} (s{_fabric.Links[link].A + 1}-s{_fabric.Links[link].B + 1}) is cut");
    }

    public void MendLink(int link)
    {
        Spans.End(Trouble.LinkCut, link);
        _fabric.SetLink(link, up: true);
        Disturb($"link {link} is mended");
    }

    public void CutControl(int at)
    {
        Spans.Begin(Trouble.ControlCut, at);
        Controller.Channels[at].SetReachable(false);
        Disturb($"s{at + 1} loses its controller");
    }

    public void MendControl(int at)
    {
        Controller.Channels[at].SetReachable(true);
        if (Controller.IsUp)
            Spans.End(Trouble.ControlCut, at);
        Disturb($"s{at + 1} finds its controller");
    }

    public void KillController()
    {
        for (int s = 0; s < _fabric.Switches.Length; s++)
            Spans.Begin(Trouble.ControlCut, s);
        Controller.Kill();
        foreach (long ticket in _tickets.Concat(_setups.Select(s => s.Ticket)))
            Spans.End(Trouble.Asked, (int)ticket);
        _tickets.Clear();
        Disturb("the controller is killed");
    }

    public void StartController()
    {
        Controller.StartAgain();
        Pass(0.001);
        for (int s = 0; s < _fabric.Switches.Length; s++)
        {
            if (Controller.Channels[s].IsReachable)
                Spans.End(Trouble.ControlCut, s);
        }
        // What was asked for and not answered is not there, or it is.
        foreach ((long _, FilterTruth filter) in _setups)
        {
            if (Controller.Core.Modules.All.All(m => m.OwnerId != filter.Owner))
                Withdraw(filter);
        }
        _setups.Clear();
        for (int n = 0; n < Nodes.Count; n++)
        {
            if (Nodes[n].IsAttached && !Nodes[n].IsFrozen)
                Nodes[n].Connect();
        }
        Disturb("the controller is started again");
    }

    /// <summary>A host is pulled out and plugged in somewhere else, where it is heard <paramref name="after"/> seconds later.</summary>
    public void Move(int station, int to, ushort port, double after)
    {
        Station moved = Stations[station];
        Spans.Begin(Trouble.HostMoving, station);
        moved.IsMoving = true;
        _fabric.Network.Disconnect(moved.Host.Port);
        moved.Plug(_fabric.Network, _fabric.Switches[to], to, port);
        Disturb($"{moved.Name} moves to s{to + 1}:{port}, and speaks in {after} s");
        _fabric.Network.Clock.Schedule(TimeSpan.FromSeconds(after), () =>
        {
            moved.IsMoving = false;
            AnnounceUntilKnown(moved);
        });
    }

    private void AnnounceUntilKnown(Station moved)
    {
        moved.Announce();
        _fabric.Network.Clock.ScheduleAlarm(Now + TimeSpan.FromSeconds(0.5), () =>
        {
            if (!IsKnown(moved, out PortId at) || at != PlaceOf(moved))
                AnnounceUntilKnown(moved);
        });
    }
}

using NetServ.Emulation;
using NetServ.Scenarios;

namespace NetServ.Benchmarks.Simulation;

/// <summary>Every so often a link, a node or a switch's connection fails, at random, between packets that are under way, and comes back some time later.</summary>
/// <param name="network">Where.</param>
/// <param name="log">What failed is noted here.</param>
/// <param name="random">What and when.</param>
/// <param name="controllerFailsAt">When the controller does, milliseconds; null for never.</param>
/// <param name="tell">Told what happens.</param>
internal sealed class RandomFailures(SimulatedNetwork network, FailureLog log, Random random, int? controllerFailsAt, Action<string> tell)
{
    private const int Every = 1500;
    private static readonly TimeSpan s_linkIsDown = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_nodeIsDown = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_channelIsDown = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_controllerIsDown = TimeSpan.FromSeconds(1);

    private readonly HashSet<(FailureKind, int)> _down = [];

    /// <summary>Has something fail if it is time: in the millisecond that begins.</summary>
    public void Pass(int millisecond)
    {
        if (millisecond == controllerFailsAt)
            network.Network.Clock.Schedule(TimeSpan.FromMicroseconds(random.Next(1000)), KillController);
        if (millisecond % Every != Every - 1)
            return;
        FailureKind kind = (FailureKind)random.Next(3);
        int index = random.Next(kind switch { FailureKind.Link => network.Links.Length, FailureKind.Node => network.Nodes.Length, _ => network.Control.Length });
        network.Network.Clock.Schedule(TimeSpan.FromMicroseconds(random.Next(1000)), () => Fail(kind, index));
    }

    private void Fail(FailureKind kind, int index)
    {
        if (!_down.Add((kind, index)))
            return;
        switch (kind)
        {
            case FailureKind.Link: CutLink(index); break;
            case FailureKind.Node: Kill(index); break;
            default: Cut(index); break;
        }
    }

    private void CutLink(int link)
    {
        string name = string.Join(" to ", network.EndsOf(link).Select(e => e.At[e.Port].Name));
        tell($"link {name} is cut");
        Set(link, up: false);
        Later(FailureKind.Link, link, s_linkIsDown, () =>
        {
            tell($"link {name} is mended");
            Set(link, up: true);
        });
    }

    private void Set(int link, bool up)
    {
        foreach ((NetworkSwitch at, ushort port) in network.EndsOf(link))
            at.SetLink(port, up);
    }

    private void Kill(int index)
    {
        TestNode node = network.Nodes[index];
        tell($"{node.Name} is killed");
        node.Die();
        Later(FailureKind.Node, index, s_nodeIsDown, () =>
        {
            tell($"{node.Name} starts again");
            node.Forget();
            node.Thaw();
            node.ConnectWhenUp();
        });
    }

    private void Cut(int index)
    {
        tell($"{network.Switches[index].Name} loses its controller");
        network.Controller.Channels[index].SetReachable(false);
        Later(FailureKind.Channel, index, s_channelIsDown, () =>
        {
            tell($"{network.Switches[index].Name} has its controller again");
            network.Controller.Channels[index].SetReachable(true);
        });
    }

    // Its store is all that is left. Nodes that run come back by themselves.
    private void KillController()
    {
        tell("the controller is killed");
        network.Controller.Kill();
        TimeSpan now = network.Network.Clock.Now;
        for (int i = 0; i < network.Switches.Length; i++)
            log.Add(FailureKind.Controller, i, now, now + s_controllerIsDown);
        network.Network.Clock.Schedule(s_controllerIsDown, () =>
        {
            tell("the controller starts again");
            network.Controller.StartAgain();
            foreach (TestNode node in network.Nodes.Where(n => !n.IsFrozen))
                node.ConnectWhenUp();
        });
    }

    private void Later(FailureKind kind, int index, TimeSpan span, Action back)
    {
        TimeSpan now = network.Network.Clock.Now;
        log.Add(kind, index, now, now + span);
        network.Network.Clock.Schedule(span, () =>
        {
            back();
            _down.Remove((kind, index));
        });
    }
}

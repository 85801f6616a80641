using NetServ.Emulation;
using NetServ.Scenarios;

namespace NetServ.Benchmarks.Simulation;

/// <summary>Every so often a link, a node or a switch's connection fails, at random, and comes back some time later.</summary>
internal sealed class RandomFailures(SimulatedNetwork network, PacketLedger ledger, Random random)
{
    private const int Every = 1500;
    private static readonly TimeSpan s_linkIsDown = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_nodeIsDown = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_channelIsDown = TimeSpan.FromSeconds(1);

    private readonly HashSet<object> _down = [];

    /// <summary>Links cut so far.</summary>
    public int Links { get; private set; }

    /// <summary>Nodes killed so far.</summary>
    public int Nodes { get; private set; }

    /// <summary>Connections of switches cut so far.</summary>
    public int Channels { get; private set; }

    /// <summary>Has something fail if it is time.</summary>
    public void Pass(int millisecond)
    {
        if (millisecond % Every != Every - 1)
            return;
        switch (random.Next(3))
        {
            case 0: CutLink(random.Next(network.Links.Length)); break;
            case 1: Kill(network.Nodes[random.Next(network.Nodes.Length)]); break;
            default: Cut(network.Control[random.Next(network.Control.Length)]); break;
        }
    }

    private void CutLink(int link)
    {
        if (!_down.Add(network.EndsOf(link)))
            return;
        Links++;
        Set(link, up: false);
        network.Network.Clock.Schedule(s_linkIsDown, () =>
        {
            Set(link, up: true);
            _down.Remove(network.EndsOf(link));
        });
    }

    private void Set(int link, bool up)
    {
        ledger.CutLink(link, up ? -1 : 1);
        foreach ((NetworkSwitch at, ushort port) in network.EndsOf(link))
            at.SetLink(port, up);
    }

    private void Kill(TestNode node)
    {
        if (!_down.Add(node))
            return;
        Nodes++;
        node.Die();
        network.Network.Clock.Schedule(s_nodeIsDown, () =>
        {
            node.Forget();
            node.Thaw();
            node.Connect();
            _down.Remove(node);
        });
    }

    private void Cut(ControllerLink link)
    {
        if (!_down.Add(link))
            return;
        Channels++;
        link.Disconnect();
        network.Network.Clock.Schedule(s_channelIsDown, () =>
        {
            link.Connect();
            _down.Remove(link);
        });
    }
}

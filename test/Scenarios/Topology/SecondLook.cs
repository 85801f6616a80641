using NetServ.Emulation;
using NetServ.Emulation.Switch;
using NetServ.OpenFlow;

namespace NetServ.Scenarios.Topology;

/// <summary>Whether a change that had some rules decided anew has left any that a look at all of them would change.</summary>
internal static class SecondLook
{
    private const ushort SparePort = 9;
    private const int Tries = 50;

    /// <summary>Each host says something to another one, twice: to a port that no filter has, and to one that has.</summary>
    public static void Talk(Fabric fabric, Random random, ushort filterPort)
    {
        foreach (EmulatedHost host in fabric.Hosts)
        {
            EmulatedHost to = fabric.Hosts[random.Next(fabric.Hosts.Length)];
            if (to == host)
                continue;
            host.SendUdp(to.Address, 9, "x"u8);
            host.SendUdp(to.Address, filterPort, "x"u8, (ushort)random.Next(20_000, 20_004));
        }
        fabric.Pass(0.05);
    }

    /// <summary>What a look at all rules changes, as text, in a moment in which nothing else does.</summary>
    /// <param name="fabric">The network.</param>
    /// <param name="places">Whether ways to hosts are looked at as well; rules that drop are then left to the next packet.</param>
    public static string[] ChangesOf(Fabric fabric, bool places = false)
    {
        for (int i = 0; i < Tries; i++)
        {
            long generation = fabric.Controller.Snapshot.Generation;
            fabric.ClearMessages();
            FlowView[][] before = [.. fabric.Switches.Select(s => s.Core.Flows.ToArray())];
            LookAtAll(fabric, places);
            if (fabric.Controller.Snapshot.Generation == generation && fabric.PacketIns() == 0)
                return [.. fabric.Control.SelectMany((c, i) => FlowModsOf(c).Where(m => !IsAsBefore(m, before[i])).Select(m => $"s{i + 1}: {m}"))];
        }
        throw new InvalidOperationException("there is no moment in which nothing changes");
    }

    // A port that nothing hangs at goes down and up: the snapshot is taken into force again, as a whole.
    private static void LookAtAll(Fabric fabric, bool places)
    {
        foreach (SessionChannel channel in places ? fabric.Controller.Channels : [])
            channel.Do(s => s.State.Mender.MendAll((long)fabric.Network.Clock.Now.TotalMilliseconds));
        foreach (NetworkSwitch at in fabric.Switches)
        {
            at.SetLink(SparePort, up: false);
            fabric.Pass(0.002);
            at.SetLink(SparePort, up: true);
        }
        fabric.Pass(0.01);
    }

    // Some are sent or deleted once more in case that others have overtaken them.
    private static bool IsAsBefore(string flowMod, FlowView[] there)
    {
        FlowView? same = there.FirstOrDefault(f => flowMod.Contains($" match={f.Match} priority={f.Priority} ", StringComparison.Ordinal));
        return flowMod.Contains("command=DeleteStrict", StringComparison.Ordinal) ? same is null : same is not null && flowMod.EndsWith($"actions={same.Actions}", StringComparison.Ordinal);
    }

    private static IEnumerable<string> FlowModsOf(ControllerLink link) => link.Messages.Where(m => m.ToSwitch && m.Kind == MessageKind.FlowMod).Select(m => Printer.ToText(m.Bytes));
}

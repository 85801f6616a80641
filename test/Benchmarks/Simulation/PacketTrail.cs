using System.Globalization;
using NetServ.Emulation;
using NetServ.Packets;
using NetServ.Scenarios;

namespace NetServ.Benchmarks.Simulation;

/// <summary>Writes where one packet crosses, and what fails meanwhile: a line each, with the milliseconds since the first flow began.</summary>
internal sealed class PacketTrail
{
    private readonly SimulatedNetwork _network;
    private readonly int _number;
    private readonly TextWriter _to;
    private readonly TimeSpan _start;

    /// <summary>Listens at all ports for the packet of that number.</summary>
    public PacketTrail(SimulatedNetwork network, int number, TextWriter to)
    {
        (_network, _number, _to, _start) = (network, number, to, network.Network.Clock.Now);
        foreach (EmulatedHost host in network.Hosts)
            Watch(host.Port);
        foreach (TestNode node in network.Nodes)
            Watch(node.Device.Port);
        for (int link = 0; link < network.Links.Length; link++)
        {
            foreach ((NetworkSwitch at, ushort port) in network.EndsOf(link))
                Watch(at[port]);
        }
    }

    /// <summary>Something that may be why.</summary>
    public void Tell(string what) =>
        _to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(_network.Network.Clock.Now - _start).TotalMilliseconds,10:f3} {what}"));

    private void Watch(NetworkPort port) => port.Tap += frame =>
    {
        if (!PacketLedger.TryRead(frame.Bytes, out int number) || number != _number || !FlowKey.TryExtract(frame.Bytes, 0, out FlowKey key))
            return;
        string vlan = key.DlVlan == FlowKey.NoVlan ? "untagged" : $"VLAN {key.DlVlan}";
        Tell($"{port.Name} {(frame.Outbound ? "->" : "<-")} {port.Peer?.Name} {vlan} {key.Tuple}");
    };
}

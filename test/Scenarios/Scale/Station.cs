using NetServ.Emulation;
using NetServ.Packets;

namespace NetServ.Scenarios.Scale;

/// <summary>A host with its VLAN, at a port of a switch.</summary>
internal sealed class Station(int index, EmulatedHost host, ushort vlan, int at, ushort port)
{
    public int Index { get; } = index;

    public EmulatedHost Host { get; } = host;

    public string Name => Host.Name;

    /// <summary>The VLAN of its frames, <see cref="FlowKey.NoVlan"/> for untagged ones.</summary>
    public ushort Vlan { get; } = vlan;

    /// <summary>Index of its switch.</summary>
    public int Switch { get; private set; } = at;

    public ushort Port { get; private set; } = port;

    /// <summary>Whether it is on its way to another port, and says nothing.</summary>
    public bool IsMoving { get; set; }

    public void Send(Station to, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload) =>
        Send(to.Host.Mac, to.Host.Address, sourcePort, destinationPort, payload);

    /// <summary>Lets everybody know where it is.</summary>
    public void Announce() => Send(MacAddress.Broadcast, new Ipv4Address(0xffff_ffff), 9, 9, "here"u8);

    public void Plug(EmulatedNetwork network, NetworkSwitch at, int index, ushort port)
    {
        network.Connect(Host.Port, at[port]);
        (Switch, Port) = (index, port);
    }

    private void Send(MacAddress to, Ipv4Address address, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[Frames.UdpOverhead + VlanView.HeaderSize + payload.Length];
        int length = Frames.WriteUdp(frame, Host.Mac, to, Host.Address, address, sourcePort, destinationPort, payload, Vlan);
        Host.SendFrame(frame.AsSpan(0, length));
    }
}

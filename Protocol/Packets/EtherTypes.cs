namespace NetServ.Packets;

/// <summary>Values of the EtherType field that the project reads or writes.</summary>
public static class EtherTypes
{
    /// <summary>IPv4.</summary>
    public const ushort Ipv4 = 0x0800;

    /// <summary>ARP.</summary>
    public const ushort Arp = 0x0806;

    /// <summary>IEEE 802.1Q tag.</summary>
    public const ushort Vlan = 0x8100;

    /// <summary>IPv6.</summary>
    public const ushort Ipv6 = 0x86dd;

    /// <summary>LLDP.</summary>
    public const ushort Lldp = 0x88cc;

    /// <summary>The lowest value that is a type; what is below is the length of an IEEE 802.3 frame.</summary>
    public const ushort FirstType = 0x0600;

    /// <summary>What OpenFlow 1.0 calls a frame without any type (OFP_DL_TYPE_NOT_ETH_TYPE).</summary>
    public const ushort None = 0x05ff;
}

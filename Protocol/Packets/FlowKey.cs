namespace NetServ.Packets;

/// <summary>What an OpenFlow 1.0 switch sees of a frame: the twelve fields of ofp_match (OpenFlow 1.0.0 section 5.2.3), in its order.</summary>
public readonly record struct FlowKey
{
    /// <summary>Port the frame came in by.</summary>
    public ushort InPort { get; init; }

    /// <summary>Ethernet source.</summary>
    public MacAddress DlSrc { get; init; }

    /// <summary>Ethernet destination.</summary>
    public MacAddress DlDst { get; init; }

    /// <summary>VLAN id, 0xffff for an untagged frame.</summary>
    public ushort DlVlan { get; init; }

    /// <summary>VLAN priority, 0..7; 0 when untagged.</summary>
    public byte DlVlanPcp { get; init; }

    /// <summary>EtherType after the tag; 0x05ff for a frame with a length and no SNAP header.</summary>
    public ushort DlType { get; init; }

    /// <summary>DSCP in the upper six bits, the lower two zero.</summary>
    public byte NwTos { get; init; }

    /// <summary>IP protocol, or the lower byte of the ARP opcode.</summary>
    public byte NwProto { get; init; }

    /// <summary>IP source, or the ARP sender's protocol address.</summary>
    public Ipv4Address NwSrc { get; init; }

    /// <summary>IP destination, or the ARP target's protocol address.</summary>
    public Ipv4Address NwDst { get; init; }

    /// <summary>TCP or UDP source port, or the ICMP type; 0 in a fragment.</summary>
    public ushort TpSrc { get; init; }

    /// <summary>TCP or UDP destination port, or the ICMP code; 0 in a fragment.</summary>
    public ushort TpDst { get; init; }
}

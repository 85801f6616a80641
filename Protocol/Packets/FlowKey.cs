namespace NetServ.Packets;

/// <summary>What an OpenFlow 1.0 switch sees of a frame: the twelve fields of ofp_match (OpenFlow 1.0.0 section 5.2.3), in its order.</summary>
public readonly record struct FlowKey
{
    /// <summary><see cref="DlVlan"/> of an untagged frame (OFP_VLAN_NONE).</summary>
    public const ushort NoVlan = 0xffff;

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

    /// <summary>The flow of an IPv4 packet; for other frames, whatever their fields say.</summary>
    public FiveTuple Tuple => new(NwProto, NwSrc, NwDst, TpSrc, TpDst, DlVlan);

    /// <summary>
    /// Reads the key of a frame as an OpenFlow 1.0 switch does (section 3.4). Fields of headers that are absent, cut short or malformed are zero; it
    /// never throws and allocates nothing.
    /// </summary>
    /// <param name="frame">From the destination address on, without FCS.</param>
    /// <param name="inPort">Port the frame came in by.</param>
    /// <param name="key">The key, default if the result is false.</param>
    /// <returns>False only if the frame is shorter than an Ethernet header.</returns>
    public static bool TryExtract(ReadOnlySpan<byte> frame, ushort inPort, out FlowKey key) => FlowKeyReader.TryRead(frame, inPort, out key, out _);

    /// <inheritdoc cref="TryExtract(ReadOnlySpan{byte}, ushort, out FlowKey)"/>
    /// <param name="frame">From the destination address on, without FCS.</param>
    /// <param name="inPort">Port the frame came in by.</param>
    /// <param name="key">The key, default if the result is false.</param>
    /// <param name="info">Whether it is a fragment, and whether a header is cut short.</param>
    public static bool TryExtract(ReadOnlySpan<byte> frame, ushort inPort, out FlowKey key, out FrameInfo info) =>
        FlowKeyReader.TryRead(frame, inPort, out key, out info);
}

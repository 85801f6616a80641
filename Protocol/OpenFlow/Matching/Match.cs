using NetServ.Packets;

namespace NetServ.OpenFlow;

/// <summary>
/// ofp_match (OpenFlow 1.0.0 section 5.2.3). A field counts where its bit in <see cref="Wildcards"/> is clear; the default value has all bits
/// clear, so begin with <see cref="Any"/>. Two matches mean the same when they are equal after <see cref="Normalize"/>.
/// </summary>
public readonly partial record struct Match
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 40;

    /// <summary>Bits of <see cref="Wildcard"/>.</summary>
    public uint Wildcards { get; init; }

    /// <summary>Port the frame came in by.</summary>
    public ushort InPort { get; init; }

    /// <summary>Ethernet source.</summary>
    public MacAddress DlSrc { get; init; }

    /// <summary>Ethernet destination.</summary>
    public MacAddress DlDst { get; init; }

    /// <summary>VLAN id, <see cref="VlanId.None"/> for untagged.</summary>
    public ushort DlVlan { get; init; }

    /// <summary>VLAN priority, 0..7.</summary>
    public byte DlVlanPcp { get; init; }

    /// <summary>EtherType.</summary>
    public ushort DlType { get; init; }

    /// <summary>DSCP in the upper six bits.</summary>
    public byte NwTos { get; init; }

    /// <summary>IP protocol or lower byte of the ARP opcode.</summary>
    public byte NwProto { get; init; }

    /// <summary>IP source or ARP sender.</summary>
    public Ipv4Address NwSrc { get; init; }

    /// <summary>IP destination or ARP target.</summary>
    public Ipv4Address NwDst { get; init; }

    /// <summary>Source port or ICMP type.</summary>
    public ushort TpSrc { get; init; }

    /// <summary>Destination port or ICMP code.</summary>
    public ushort TpDst { get; init; }

    /// <summary>Every frame.</summary>
    public static Match Any => new() { Wildcards = Wildcard.All };

    /// <summary>Exactly the frames of one key, normalised: fields that the frame does not have are ignored.</summary>
    public static Match Exact(in FlowKey key) => Of(key, 0).Normalize();

    /// <summary>The frames of a key as far as it is not ignored; not normalised.</summary>
    public static Match Of(in FlowKey key, uint wildcards) => new()
    {
        Wildcards = wildcards,
        InPort = key.InPort,
        DlSrc = key.DlSrc,
        DlDst = key.DlDst,
        DlVlan = key.DlVlan,
        DlVlanPcp = key.DlVlanPcp,
        DlType = key.DlType,
        NwTos = key.NwTos,
        NwProto = key.NwProto,
        NwSrc = key.NwSrc,
        NwDst = key.NwDst,
        TpSrc = key.TpSrc,
        TpDst = key.TpDst,
    };

    /// <summary>How many leading bits of <see cref="NwSrc"/> count, 0..32.</summary>
    public int NwSrcLength => 32 - (int)Math.Min(32, (Wildcards & Wildcard.NwSrcMask) >> Wildcard.NwSrcShift);

    /// <summary>How many leading bits of <see cref="NwDst"/> count, 0..32.</summary>
    public int NwDstLength => 32 - (int)Math.Min(32, (Wildcards & Wildcard.NwDstMask) >> Wildcard.NwDstShift);

    /// <summary>The source prefix; length 0 when ignored.</summary>
    public Ipv4Prefix NwSrcPrefix => new(NwSrc, NwSrcLength);

    /// <summary>The destination prefix; length 0 when ignored.</summary>
    public Ipv4Prefix NwDstPrefix => new(NwDst, NwDstLength);

    /// <summary>Whether any of the given bits of <see cref="Wildcard"/> is set.</summary>
    public bool Ignores(uint wildcard) => (Wildcards & wildcard) != 0;

    public Match WithInPort(ushort port) => this with { InPort = port, Wildcards = Wildcards & ~Wildcard.InPort };

    public Match WithDlSrc(MacAddress address) => this with { DlSrc = address, Wildcards = Wildcards & ~Wildcard.DlSrc };

    public Match WithDlDst(MacAddress address) => this with { DlDst = address, Wildcards = Wildcards & ~Wildcard.DlDst };

    public Match WithDlVlan(ushort vlan) => this with { DlVlan = vlan, Wildcards = Wildcards & ~Wildcard.DlVlan };

    public Match WithDlVlanPcp(byte priority) => this with { DlVlanPcp = priority, Wildcards = Wildcards & ~Wildcard.DlVlanPcp };

    public Match WithDlType(ushort etherType) => this with { DlType = etherType, Wildcards = Wildcards & ~Wildcard.DlType };

    public Match WithNwTos(byte tos) => this with { NwTos = tos, Wildcards = Wildcards & ~Wildcard.NwTos };

    public Match WithNwProto(byte protocol) => this with { NwProto = protocol, Wildcards = Wildcards & ~Wildcard.NwProto };

    public Match WithNwSrc(Ipv4Address address) => WithNwSrc(new Ipv4Prefix(address, 32));

    public Match WithNwSrc(Ipv4Prefix prefix) => this with
    {
        NwSrc = prefix.Address,
        Wildcards = (Wildcards & ~Wildcard.NwSrcMask) | ((uint)(32 - prefix.Length) << Wildcard.NwSrcShift),
    };

    public Match WithNwDst(Ipv4Address address) => WithNwDst(new Ipv4Prefix(address, 32));

    public Match WithNwDst(Ipv4Prefix prefix) => this with
    {
        NwDst = prefix.Address,
        Wildcards = (Wildcards & ~Wildcard.NwDstMask) | ((uint)(32 - prefix.Length) << Wildcard.NwDstShift),
    };

    public Match WithTpSrc(ushort port) => this with { TpSrc = port, Wildcards = Wildcards & ~Wildcard.TpSrc };

    public Match WithTpDst(ushort port) => this with { TpDst = port, Wildcards = Wildcards & ~Wildcard.TpDst };

    /// <summary>Mixes all fields, as tables of rules ask for it with every packet that no rule took.</summary>
    public override int GetHashCode()
    {
        ulong hash = Mix(((ulong)Wildcards << 32) | ((uint)InPort << 16) | DlType, (DlSrc.Value << 16) | DlVlan);
        hash = Mix(hash, (DlDst.Value << 16) | ((uint)NwProto << 8) | DlVlanPcp);
        hash = Mix(hash, ((ulong)NwSrc.Value << 32) | NwDst.Value);
        hash = Mix(hash, ((ulong)TpSrc << 32) | ((uint)TpDst << 16) | NwTos);
        return (int)(hash >> 32);
    }

    private static ulong Mix(ulong hash, ulong with)
    {
        hash = (hash ^ with) * 0x9e3779b97f4a7c15;
        return hash ^ (hash >> 29);
    }

    /// <summary>Reads the first 40 bytes of <paramref name="source"/> as they are.</summary>
    public static Match Read(ReadOnlySpan<byte> source) => new()
    {
        Wildcards = Wire.U32(source, 0),
        InPort = Wire.U16(source, 4),
        DlSrc = MacAddress.Read(source[6..]),
        DlDst = MacAddress.Read(source[12..]),
        DlVlan = Wire.U16(source, 18),
        DlVlanPcp = source[20],
        DlType = Wire.U16(source, 22),
        NwTos = source[24],
        NwProto = source[25],
        NwSrc = Ipv4Address.Read(source[28..]),
        NwDst = Ipv4Address.Read(source[32..]),
        TpSrc = Wire.U16(source, 36),
        TpDst = Wire.U16(source, 38),
    };

    /// <summary>Writes 40 bytes to the start of <paramref name="destination"/>, as they are.</summary>
    public void WriteTo(Span<byte> destination)
    {
        Span<byte> to = destination[..Size];
        Wire.U32(to, 0, Wildcards);
        Wire.U16(to, 4, InPort);
        DlSrc.WriteTo(to[6..]);
        DlDst.WriteTo(to[12..]);
        Wire.U16(to, 18, DlVlan);
        to[20] = DlVlanPcp;
        to[21] = 0;
        Wire.U16(to, 22, DlType);
        to[24] = NwTos;
        to[25] = NwProto;
        Wire.U16(to, 26, 0);
        NwSrc.WriteTo(to[28..]);
        NwDst.WriteTo(to[32..]);
        Wire.U16(to, 36, TpSrc);
        Wire.U16(to, 38, TpDst);
    }
}

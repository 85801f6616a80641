using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Steering.Filtering;

/// <summary>The protocol and the ports of a normalised match as bit strings; a field that does not count is empty.</summary>
/// <param name="match">The match.</param>
internal readonly struct FilterBits(in Match match)
{
    // What a filter cannot ask for.
    private const uint Others = Wildcard.InPort | Wildcard.DlSrc | Wildcard.DlDst | Wildcard.DlVlan | Wildcard.DlVlanPcp | Wildcard.NwTos;

    /// <summary>Whether the destination port counts and the source port does not.</summary>
    public bool HasDestinationPortOnly { get; } = match.Ignores(Wildcard.TpSrc) && !match.Ignores(Wildcard.TpDst);

    /// <summary>The protocol.</summary>
    public uint Protocol { get; } = OfProtocol(match.NwProto);

    /// <summary>Bits of <see cref="Protocol"/>.</summary>
    public int ProtocolLength { get; } = match.Ignores(Wildcard.NwProto) ? 0 : 8;

    /// <summary>The destination port.</summary>
    public uint DestinationPort { get; } = OfPort(match.TpDst);

    /// <summary>Bits of <see cref="DestinationPort"/>.</summary>
    public int DestinationPortLength { get; } = match.Ignores(Wildcard.TpDst) ? 0 : 16;

    /// <summary>The destination port where it counts alone, else source and destination port.</summary>
    public uint Ports => HasDestinationPortOnly ? DestinationPort : OfPorts(_source, (ushort)(DestinationPort >> 16));

    /// <summary>Bits of <see cref="Ports"/>.</summary>
    public int PortsLength => HasDestinationPortOnly ? DestinationPortLength : _sourceLength + DestinationPortLength;

    private readonly ushort _source = match.TpSrc;
    private readonly int _sourceLength = match.Ignores(Wildcard.TpSrc) ? 0 : 16;

    /// <summary>A protocol as a bit string.</summary>
    public static uint OfProtocol(byte protocol) => (uint)protocol << 24;

    /// <summary>A port as a bit string.</summary>
    public static uint OfPort(ushort port) => (uint)port << 16;

    /// <summary>Both ports as a bit string.</summary>
    public static uint OfPorts(ushort source, ushort destination) => ((uint)source << 16) | destination;

    /// <summary>An <see cref="ArgumentException"/> if it is not the normalised match of a filter.</summary>
    public static void ThrowUnlessFilter(in Match match)
    {
        if (match.Ignores(Wildcard.DlType) || match.DlType != EtherTypes.Ipv4)
            throw new ArgumentException($"'{match}' is no filter: dl_type has to be 0x0800");
        if ((~match.Wildcards & Others) != 0)
            throw new ArgumentException($"'{match}' is no filter: besides dl_type it may match nw_proto, nw_src, nw_dst, tp_src and tp_dst");
        if (match != match.Normalize())
            throw new ArgumentException($"'{match}' is not normalised");
    }
}

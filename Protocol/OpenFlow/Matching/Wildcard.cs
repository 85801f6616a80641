namespace NetServ.OpenFlow;

/// <summary>ofp_flow_wildcards (OpenFlow 1.0.0 section 5.2.3): a set bit means that the field does not count.</summary>
public static class Wildcard
{
    public const uint InPort = 1u << 0;
    public const uint DlVlan = 1u << 1;
    public const uint DlSrc = 1u << 2;
    public const uint DlDst = 1u << 3;
    public const uint DlType = 1u << 4;
    public const uint NwProto = 1u << 5;
    public const uint TpSrc = 1u << 6;
    public const uint TpDst = 1u << 7;
    public const uint DlVlanPcp = 1u << 20;
    public const uint NwTos = 1u << 21;

    /// <summary>Lowest bit of the six-bit count of ignored low bits of nw_src; 32 and more ignore all.</summary>
    public const int NwSrcShift = 8;

    /// <summary>Lowest bit of the six-bit count of ignored low bits of nw_dst.</summary>
    public const int NwDstShift = 14;

    public const uint NwSrcMask = 0x3fu << NwSrcShift;
    public const uint NwDstMask = 0x3fu << NwDstShift;
    public const uint NwSrcAll = 32u << NwSrcShift;
    public const uint NwDstAll = 32u << NwDstShift;

    /// <summary>Every field ignored, in the canonical form with 32 for both addresses.</summary>
    public const uint All = InPort | DlVlan | DlSrc | DlDst | DlType | NwProto | TpSrc | TpDst | NwSrcAll | NwDstAll | DlVlanPcp | NwTos;

    /// <summary>All bits that the specification defines (OFPFW_ALL).</summary>
    public const uint DefinedBits = (1u << 22) - 1;
}

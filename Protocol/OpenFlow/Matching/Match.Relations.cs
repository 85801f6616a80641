using NetServ.Packets;

namespace NetServ.OpenFlow;

public readonly partial record struct Match
{
    private const ushort Ip = 0x0800;
    private const ushort Arp = 0x0806;
    private const ushort Rarp = 0x8035;

    /// <summary>
    /// The canonical form, the one that switches report: a field whose prerequisite is absent is ignored, an ignored field is zero, addresses
    /// are masked, undefined bits are clear. "Untagged" has priority 0 that counts, as Open vSwitch reports it.
    /// </summary>
    public Match Normalize()
    {
        uint w = CanonicalWildcards();
        uint srcMask = AddressMask(w, Wildcard.NwSrcShift);
        uint dstMask = AddressMask(w, Wildcard.NwDstShift);
        ushort vlan = (w & Wildcard.DlVlan) != 0 ? (ushort)0 : DlVlan == VlanId.None ? VlanId.None : (ushort)(DlVlan & 0xfff);
        return new Match
        {
            Wildcards = w,
            InPort = (w & Wildcard.InPort) != 0 ? (ushort)0 : InPort,
            DlSrc = (w & Wildcard.DlSrc) != 0 ? default : DlSrc,
            DlDst = (w & Wildcard.DlDst) != 0 ? default : DlDst,
            DlVlan = vlan,
            DlVlanPcp = (w & Wildcard.DlVlanPcp) != 0 || vlan == VlanId.None ? (byte)0 : (byte)(DlVlanPcp & 7),
            DlType = (w & Wildcard.DlType) != 0 ? (ushort)0 : DlType,
            NwTos = (w & Wildcard.NwTos) != 0 ? (byte)0 : (byte)(NwTos & 0xfc),
            NwProto = (w & Wildcard.NwProto) != 0 ? (byte)0 : NwProto,
            NwSrc = new Ipv4Address(NwSrc.Value & srcMask),
            NwDst = new Ipv4Address(NwDst.Value & dstMask),
            TpSrc = (w & Wildcard.TpSrc) != 0 ? (ushort)0 : TpSrc,
            TpDst = (w & Wildcard.TpDst) != 0 ? (ushort)0 : TpDst,
        };
    }

    /// <summary>Whether a frame with this key matches. Works on matches that are not normalised as well.</summary>
    public bool Matches(in FlowKey key)
    {
        uint w = CanonicalWildcards();
        return ((w & Wildcard.InPort) != 0 || InPort == key.InPort)
            && ((w & Wildcard.DlSrc) != 0 || DlSrc == key.DlSrc)
            && ((w & Wildcard.DlDst) != 0 || DlDst == key.DlDst)
            && MatchesVlan(w, key)
            && ((w & Wildcard.DlType) != 0 || DlType == key.DlType)
            && ((w & Wildcard.NwTos) != 0 || ((NwTos ^ key.NwTos) & 0xfc) == 0)
            && ((w & Wildcard.NwProto) != 0 || NwProto == key.NwProto)
            && ((NwSrc.Value ^ key.NwSrc.Value) & AddressMask(w, Wildcard.NwSrcShift)) == 0
            && ((NwDst.Value ^ key.NwDst.Value) & AddressMask(w, Wildcard.NwDstShift)) == 0
            && ((w & Wildcard.TpSrc) != 0 || TpSrc == key.TpSrc)
            && ((w & Wildcard.TpDst) != 0 || TpDst == key.TpDst);
    }

    /// <summary>Whether some frame matches both (OpenFlow 1.0.0 section 4.6: what OFPFF_CHECK_OVERLAP refuses at equal priority).</summary>
    public bool Overlaps(in Match other)
    {
        Match a = Normalize(), b = other.Normalize();
        uint either = a.Wildcards | b.Wildcards;
        return a.SameWhereNotIgnored(b, either)
            && VlansOverlap(a, b, either)
            && ((a.NwSrc.Value ^ b.NwSrc.Value) & AddressMask(a.Wildcards, Wildcard.NwSrcShift) & AddressMask(b.Wildcards, Wildcard.NwSrcShift)) == 0
            && ((a.NwDst.Value ^ b.NwDst.Value) & AddressMask(a.Wildcards, Wildcard.NwDstShift) & AddressMask(b.Wildcards, Wildcard.NwDstShift)) == 0;
    }

    /// <summary>Whether every frame that matches <paramref name="other"/> matches this: the other is equal or more specific.</summary>
    public bool Covers(in Match other)
    {
        Match a = Normalize(), b = other.Normalize();
        const uint Fields = Wildcard.All & ~(Wildcard.NwSrcMask | Wildcard.NwDstMask | Wildcard.DlVlan | Wildcard.DlVlanPcp);
        return (b.Wildcards & ~a.Wildcards & Fields) == 0
            && a.SameWhereNotIgnored(b, a.Wildcards)
            && CoversVlan(a, b)
            && a.NwSrcPrefix.Length <= b.NwSrcPrefix.Length && ((a.NwSrc.Value ^ b.NwSrc.Value) & AddressMask(a.Wildcards, Wildcard.NwSrcShift)) == 0
            && a.NwDstPrefix.Length <= b.NwDstPrefix.Length && ((a.NwDst.Value ^ b.NwDst.Value) & AddressMask(a.Wildcards, Wildcard.NwDstShift)) == 0;
    }

    private bool SameWhereNotIgnored(in Match other, uint ignored) =>
        ((ignored & Wildcard.InPort) != 0 || InPort == other.InPort)
        && ((ignored & Wildcard.DlSrc) != 0 || DlSrc == other.DlSrc)
        && ((ignored & Wildcard.DlDst) != 0 || DlDst == other.DlDst)
        && ((ignored & Wildcard.DlType) != 0 || DlType == other.DlType)
        && ((ignored & Wildcard.NwTos) != 0 || NwTos == other.NwTos)
        && ((ignored & Wildcard.NwProto) != 0 || NwProto == other.NwProto)
        && ((ignored & Wildcard.TpSrc) != 0 || TpSrc == other.TpSrc)
        && ((ignored & Wildcard.TpDst) != 0 || TpDst == other.TpDst);

    // A priority counts on tagged frames only, so a match on the priority alone excludes untagged ones.
    private bool MatchesVlan(uint w, in FlowKey key)
    {
        bool vidCounts = (w & Wildcard.DlVlan) == 0;
        if (vidCounts && DlVlan == VlanId.None)
            return key.DlVlan == VlanId.None;
        if (vidCounts && (key.DlVlan == VlanId.None || ((DlVlan ^ key.DlVlan) & 0xfff) != 0))
            return false;
        return (w & Wildcard.DlVlanPcp) != 0 || (key.DlVlan != VlanId.None && ((DlVlanPcp ^ key.DlVlanPcp) & 7) == 0);
    }

    private bool IsUntagged => !Ignores(Wildcard.DlVlan) && DlVlan == VlanId.None;

    private bool IsTagged => !IsUntagged && (Wildcards & (Wildcard.DlVlan | Wildcard.DlVlanPcp)) != (Wildcard.DlVlan | Wildcard.DlVlanPcp);

    private static bool VlansOverlap(in Match a, in Match b, uint either)
    {
        if ((a.IsUntagged && b.IsTagged) || (a.IsTagged && b.IsUntagged))
            return false;
        return ((either & Wildcard.DlVlan) != 0 || a.DlVlan == b.DlVlan) && ((either & Wildcard.DlVlanPcp) != 0 || a.DlVlanPcp == b.DlVlanPcp);
    }

    private static bool CoversVlan(in Match a, in Match b)
    {
        if (a.IsUntagged)
            return b.IsUntagged;
        if (a.IsTagged && !b.IsTagged)
            return false;
        return (a.Ignores(Wildcard.DlVlan) || (!b.Ignores(Wildcard.DlVlan) && a.DlVlan == b.DlVlan))
            && (a.Ignores(Wildcard.DlVlanPcp) || (!b.Ignores(Wildcard.DlVlanPcp) && a.DlVlanPcp == b.DlVlanPcp));
    }

    private uint CanonicalWildcards()
    {
        uint w = Wildcards & Wildcard.DefinedBits;
        if ((w & Wildcard.NwSrcAll) != 0)
            w = (w & ~Wildcard.NwSrcMask) | Wildcard.NwSrcAll;
        if ((w & Wildcard.NwDstAll) != 0)
            w = (w & ~Wildcard.NwDstMask) | Wildcard.NwDstAll;
        if ((w & Wildcard.DlVlan) == 0 && DlVlan == VlanId.None)
            w &= ~Wildcard.DlVlanPcp;

        bool ip = (w & Wildcard.DlType) == 0 && DlType == Ip;
        bool arp = (w & Wildcard.DlType) == 0 && DlType is (Arp or Rarp);
        if (!ip)
            w |= Wildcard.NwTos;
        if (!ip && !arp)
            w = (w & ~(Wildcard.NwSrcMask | Wildcard.NwDstMask)) | Wildcard.NwProto | Wildcard.NwSrcAll | Wildcard.NwDstAll;
        // 1 ICMP, 6 TCP, 17 UDP, 132 SCTP: the protocols whose first bytes switches match as ports.
        if (!ip || (w & Wildcard.NwProto) != 0 || NwProto is not (1 or 6 or 17 or 132))
            w |= Wildcard.TpSrc | Wildcard.TpDst;
        return w;
    }

    private static uint AddressMask(uint canonicalWildcards, int shift)
    {
        int ignored = (int)(canonicalWildcards >> shift) & 0x3f;
        return ignored >= 32 ? 0 : uint.MaxValue << ignored;
    }
}

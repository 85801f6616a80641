using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Emulation.Switch.Table;

/// <summary>
/// The twelve fields of a flow key, or a mask over them, in four words. The tag is kept as on the wire: bit 15 says that there is one, then
/// three bits of priority and twelve of id, so that a match on the priority alone excludes untagged frames.
/// </summary>
internal readonly record struct FlowBits(ulong A, ulong B, ulong C, ulong D)
{
    private const ulong Tagged = 0x8000;

    /// <summary>Every bit of every field.</summary>
    public static FlowBits AllOnes => new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

    /// <summary>What a frame looks like.</summary>
    public static FlowBits OfKey(in FlowKey key) => new(
        (key.DlSrc.Value << 16) | key.InPort,
        (key.DlDst.Value << 16) | (key.DlVlan == VlanId.None ? 0 : Tagged | ((ulong)(key.DlVlanPcp & 7) << 12) | (key.DlVlan & 0xfffu)),
        ((ulong)key.NwSrc.Value << 32) | key.NwDst.Value,
        ((ulong)key.TpSrc << 48) | ((ulong)key.TpDst << 32) | ((ulong)key.DlType << 16) | ((ulong)key.NwProto << 8) | key.NwTos);

    /// <summary>The bits that a normalised match looks at.</summary>
    public static FlowBits MaskOf(in Match match) => new(
        (match.Ignores(Wildcard.DlSrc) ? 0 : ~0xffffUL) | Field(match, Wildcard.InPort, 0xffff),
        (match.Ignores(Wildcard.DlDst) ? 0 : ~0xffffUL) | VlanMask(match),
        ((ulong)match.NwSrcPrefix.Mask << 32) | match.NwDstPrefix.Mask,
        Field(match, Wildcard.TpSrc, 0xffffUL << 48) | Field(match, Wildcard.TpDst, 0xffffUL << 32) | Field(match, Wildcard.DlType, 0xffff_0000)
            | Field(match, Wildcard.NwProto, 0xff00) | Field(match, Wildcard.NwTos, 0xfc));

    /// <summary>What those bits have to be.</summary>
    public static FlowBits ValueOf(in Match match)
    {
        FlowBits value = OfKey(new FlowKey
        {
            InPort = match.InPort,
            DlSrc = match.DlSrc,
            DlDst = match.DlDst,
            DlVlan = match.Ignores(Wildcard.DlVlan) ? (ushort)0 : match.DlVlan,
            DlVlanPcp = match.DlVlanPcp,
            DlType = match.DlType,
            NwTos = match.NwTos,
            NwProto = match.NwProto,
            NwSrc = match.NwSrc,
            NwDst = match.NwDst,
            TpSrc = match.TpSrc,
            TpDst = match.TpDst,
        });
        return value.And(MaskOf(match));
    }

    /// <summary>The bits that the mask keeps.</summary>
    public FlowBits And(in FlowBits mask) => new(A & mask.A, B & mask.B, C & mask.C, D & mask.D);

    /// <summary>Whether all bits are the same.</summary>
    public bool Same(in FlowBits other) => ((A ^ other.A) | (B ^ other.B) | (C ^ other.C) | (D ^ other.D)) == 0;

    /// <summary>Multiply-shift hashing: the higher a bit, the more it depends on; take the highest ones.</summary>
    public ulong Hash() => HashOf(A, B, C, D);

    /// <summary>The hash of the bits that the mask keeps.</summary>
    public ulong HashBehind(in FlowBits mask) => HashOf(A & mask.A, B & mask.B, C & mask.C, D & mask.D);

    public override int GetHashCode() => (int)(Hash() >> 32);

    private static ulong HashOf(ulong a, ulong b, ulong c, ulong d) =>
        (a * 0x9E3779B97F4A7C15) + (b * 0xC2B2AE3D27D4EB4F) + (c * 0x165667B19E3779F9) + (d * 0xD6E8FEB86659FD93);

    private static ulong Field(in Match match, uint wildcard, ulong mask) => match.Ignores(wildcard) ? 0 : mask;

    private static ulong VlanMask(in Match match)
    {
        if (!match.Ignores(Wildcard.DlVlan) && match.DlVlan == VlanId.None)
            return 0xffff;
        return (match.Ignores(Wildcard.DlVlan) ? 0 : Tagged | 0xfff) | (match.Ignores(Wildcard.DlVlanPcp) ? 0 : Tagged | 0x7000);
    }
}

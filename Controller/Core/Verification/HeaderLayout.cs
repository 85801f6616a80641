using System.Runtime.Intrinsics;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Verification;

/// <summary>
/// The twelve fields of a flow key in four words. A field that others depend on lies above them, so that cubes split bit by bit from the top fix it
/// first:
/// <code>
/// 0: dl_type 63..48, nw_proto 47..40, nw_tos 39..32, tp_src 31..16, tp_dst 15..0
/// 1: nw_src 63..32, nw_dst 31..0
/// 2: dl_dst 63..16, tag: one bit whether there is one 15, priority 14..12, id 11..0
/// 3: dl_src 63..16, in_port 15..0
/// </code>
/// </summary>
internal static class HeaderLayout
{
    private const ulong Tag = 0x8000;
    private const ulong TagAndVid = 0x8fff;
    private const ulong TagField = 0xffff;

    /// <summary>The packets without a tag. A set of packets is split by this first: then no other bit of the tag can differ.</summary>
    public static Cube Untagged { get; } = new(Vector256.Create(0, 0, TagField, 0), default);

    /// <summary>The packets with a tag.</summary>
    public static Cube Tagged { get; } = new(Vector256.Create(0, 0, Tag, 0), Vector256.Create(0, 0, Tag, 0));

    /// <summary>What a packet looks like.</summary>
    public static Vector256<ulong> OfKey(in FlowKey key) => Vector256.Create(
        ((ulong)key.DlType << 48) | ((ulong)key.NwProto << 40) | ((ulong)key.NwTos << 32) | ((ulong)key.TpSrc << 16) | key.TpDst,
        ((ulong)key.NwSrc.Value << 32) | key.NwDst.Value,
        (key.DlDst.Value << 16) | (key.DlVlan == FlowKey.NoVlan ? 0 : Tag | ((ulong)(key.DlVlanPcp & 7) << 12) | (key.DlVlan & 0xfffu)),
        (key.DlSrc.Value << 16) | key.InPort);

    /// <summary>The packets that a match takes.</summary>
    public static Cube OfMatch(Match match)
    {
        match = match.Normalize();
        Vector256<ulong> mask = MaskOf(match);
        FlowKey key = new()
        {
            InPort = match.InPort,
            DlSrc = match.DlSrc,
            DlDst = match.DlDst,
            DlVlan = match.DlVlan,
            DlVlanPcp = match.DlVlanPcp,
            DlType = match.DlType,
            NwTos = match.NwTos,
            NwProto = match.NwProto,
            NwSrc = match.NwSrc,
            NwDst = match.NwDst,
            TpSrc = match.TpSrc,
            TpDst = match.TpDst,
        };
        return new Cube(mask, OfKey(key) & mask);
    }

    /// <summary>The packets that came in by a port.</summary>
    public static Cube ByPort(ushort port) => new(Vector256.Create(0, 0, 0, 0xffffUL), Vector256.Create(0, 0, 0, (ulong)port));

    /// <summary>The packets in a VLAN, <see cref="FlowKey.NoVlan"/> for untagged ones.</summary>
    public static Cube InVlan(ushort vlan) => vlan == FlowKey.NoVlan ? Untagged : new Cube(Vector256.Create(0, 0, TagAndVid, 0), Vector256.Create(0, 0, Tag | vlan, 0));

    /// <summary>The packets with an Ethernet type.</summary>
    public static Cube OfType(ushort type) => OfMatch(Match.Any.WithDlType(type));

    /// <summary>The packets to an address.</summary>
    public static Cube To(MacAddress address) => OfMatch(Match.Any.WithDlDst(address));

    /// <summary>Comes in by a port.</summary>
    public static Rewrite Entering(ushort port)
    {
        Cube cube = ByPort(port);
        return new Rewrite(cube.Mask, cube.Value);
    }

    /// <summary>What an output makes of the tag. A priority stays; a packet without one has zeros there, which is the priority of the tag that it gets.</summary>
    public static Rewrite Of(VlanEdit edit)
    {
        Rewrite all = edit.Strips ? new Rewrite(Untagged.Mask, default) : default;
        if (edit.Vid is not { } vid)
            return all;
        Cube cube = InVlan(vid);
        return all.Then(new Rewrite(cube.Mask, cube.Value));
    }

    /// <summary>Whether a rewrite sets the VLAN id, and to what.</summary>
    public static bool SetsVlan(in Rewrite rewrite, out ushort vlan)
    {
        ulong value = rewrite.Value[2] & TagAndVid;
        vlan = (value & Tag) == 0 ? FlowKey.NoVlan : (ushort)(value & 0xfff);
        return (rewrite.Mask[2] & Tag) != 0;
    }

    /// <summary>
    /// Whether a packet can be like that: an Ethernet type is 0x05ff or 0x0600 and more, ICMP has one byte each for type and code. That fields have what
    /// they depend on is not looked at: no match and no split asks for one without.
    /// </summary>
    public static bool IsPossible(in Cube cube)
    {
        ulong mask = cube.Mask[0], value = cube.Value[0];
        ulong most = (value | ~mask) >> 48;
        if (most < EtherTypes.FirstType && ((value ^ ((ulong)EtherTypes.None << 48)) & mask) >> 48 != 0)
            return false;
        bool icmp = mask >> 40 == 0xffffff && value >> 40 == ((ulong)EtherTypes.Ipv4 << 8 | IpProtocols.Icmp);
        return !icmp || (value & mask & 0xff00_ff00) == 0;
    }

    /// <summary>A packet of a possible cube, as like to the wanted one as the cube lets it be.</summary>
    public static FlowKey Choose(in Cube cube, in FlowKey wanted)
    {
        Vector256<ulong> bits = cube.Value | Vector256.AndNot(OfKey(wanted), cube.Mask);
        ulong type = bits[0] >> 48;
        if (type < EtherTypes.FirstType && type != EtherTypes.None)
        {
            // The lowest type of the cube may be a length; its highest one is not, or it is the one that is none.
            ulong free = ~cube.Mask[0] >> 48;
            type = (cube.Value[0] >> 48 | free) >= EtherTypes.FirstType ? cube.Value[0] >> 48 | free : EtherTypes.None;
        }
        FlowKey key = new()
        {
            InPort = (ushort)bits[3],
            DlSrc = new MacAddress(bits[3] >> 16),
            DlDst = new MacAddress(bits[2] >> 16),
            DlVlan = (bits[2] & Tag) == 0 ? FlowKey.NoVlan : (ushort)(bits[2] & 0xfff),
            DlVlanPcp = (bits[2] & Tag) == 0 ? (byte)0 : (byte)((bits[2] >> 12) & 7),
            DlType = (ushort)type,
            NwTos = (byte)(bits[0] >> 32 & 0xfc),
            NwProto = (byte)(bits[0] >> 40),
            NwSrc = new Ipv4Address((uint)(bits[1] >> 32)),
            NwDst = new Ipv4Address((uint)bits[1]),
            TpSrc = (ushort)(bits[0] >> 16),
            TpDst = (ushort)bits[0],
        };
        return WithoutAbsentFields(key);
    }

    private static FlowKey WithoutAbsentFields(in FlowKey key)
    {
        Match exact = Match.Exact(key);
        bool bytes = exact.DlType == EtherTypes.Ipv4 && exact.NwProto == IpProtocols.Icmp;
        return key with
        {
            NwTos = exact.NwTos,
            NwProto = exact.NwProto,
            NwSrc = exact.NwSrc,
            NwDst = exact.NwDst,
            TpSrc = bytes ? (byte)exact.TpSrc : exact.TpSrc,
            TpDst = bytes ? (byte)exact.TpDst : exact.TpDst,
        };
    }

    private static Vector256<ulong> MaskOf(in Match match)
    {
        ulong tag = match.Ignores(Wildcard.DlVlan) ? 0 : match.DlVlan == VlanId.None ? TagField : TagAndVid;
        if (!match.Ignores(Wildcard.DlVlanPcp))
            tag |= Tag | 0x7000;
        return Vector256.Create(
            Field(match, Wildcard.DlType, 0xffffUL << 48) | Field(match, Wildcard.NwProto, 0xffUL << 40) | Field(match, Wildcard.NwTos, 0xfcUL << 32)
                | Field(match, Wildcard.TpSrc, 0xffff_0000) | Field(match, Wildcard.TpDst, 0xffff),
            ((ulong)match.NwSrcPrefix.Mask << 32) | match.NwDstPrefix.Mask,
            Field(match, Wildcard.DlDst, ~0xffffUL) | tag,
            Field(match, Wildcard.DlSrc, ~0xffffUL) | Field(match, Wildcard.InPort, 0xffff));
    }

    private static ulong Field(in Match match, uint wildcard, ulong mask) => match.Ignores(wildcard) ? 0 : mask;
}

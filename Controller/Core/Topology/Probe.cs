using System.Buffers.Binary;
using System.Security.Cryptography;
using NetServ.Packets;

namespace NetServ.Controller.Core.Topology;

/// <summary>
/// A probe: an LLDP frame with a TLV of ours that says which port it left, and proves that we sent it.
/// <code>
/// offset size field of the TLV's information
///      0    1 flags: bit 0 asks for a probe in return, at once
///      1    8 datapath id
///      9    2 port
///     11    8 when it was sent, milliseconds of the controller's clock
///     19   16 the first half of HMAC-SHA256 over the frame from its EtherType up to here
/// </code>
/// The time is the sequence number: a port accepts none that is older than 5 s, nor one that is not newer than the last from the same port.
/// </summary>
public readonly record struct Probe(PortId From, long SentAt, bool Asks)
{
    /// <summary>Bytes of a frame at the most.</summary>
    public const int MaxSize = 128;

    // A locally administered identifier: there is none that was given to us.
    private const uint Organization = 0x024e53;
    private const byte Subtype = 1;
    private const int Signed = 19;
    private const int MacSize = 16;
    private const int TypeAt = 12;
    private const int HoldsFor = 3;

    /// <summary>Writes a probe.</summary>
    /// <param name="destination">At least <see cref="MaxSize"/> bytes.</param>
    /// <param name="source">The port's Ethernet address.</param>
    /// <param name="key">The key of this run.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> destination, MacAddress source, ReadOnlySpan<byte> key)
    {
        int start = Frames.WriteEthernet(destination, source, LldpView.NearestBridge, EtherTypes.Lldp);
        LldpWriter writer = new(destination[start..]);
        Span<byte> text = stackalloc byte[16];
        From.Dpid.TryFormat(text, out int length, "x16");
        writer.ChassisId(LldpWriter.ChassisLocal, text[..length]);
        From.Port.TryFormat(text, out length);
        writer.PortId(LldpWriter.PortLocal, text[..length]);
        writer.TimeToLive(HoldsFor);
        Span<byte> own = writer.Organization(Organization, Subtype, Signed + MacSize);
        own[0] = Asks ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64BigEndian(own[1..], From.Dpid);
        BinaryPrimitives.WriteUInt16BigEndian(own[9..], From.Port);
        BinaryPrimitives.WriteInt64BigEndian(own[11..], SentAt);
        int end = start + writer.Written;
        Sign(destination[TypeAt..(end - MacSize)], key, own[Signed..]);
        writer.End();
        return start + writer.Written;
    }

    /// <summary>Reads a probe of ours; false for anything else, and for what was not signed with this key.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> key, out Probe probe)
    {
        probe = default;
        if (!EthernetView.TryRead(frame, out EthernetView ethernet) || ethernet.Type != EtherTypes.Lldp
            || !LldpView.TryRead(ethernet.Payload, out LldpView lldp) || !lldp.TryFind(Organization, Subtype, out LldpTlv own)
            || own.Information.Length != Signed + MacSize)
            return false;
        ReadOnlySpan<byte> said = own.Information;
        frame[TypeAt..].Overlaps(said, out int at);
        Span<byte> expected = stackalloc byte[MacSize];
        Sign(frame.Slice(TypeAt, at + Signed), key, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, said[Signed..]))
            return false;
        PortId from = new(BinaryPrimitives.ReadUInt64BigEndian(said[1..]), BinaryPrimitives.ReadUInt16BigEndian(said[9..]));
        probe = new Probe(from, BinaryPrimitives.ReadInt64BigEndian(said[11..]), (said[0] & 1) != 0);
        return true;
    }

    private static void Sign(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> key, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, bytes, whole);
        whole[..MacSize].CopyTo(mac);
    }
}

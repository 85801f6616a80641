using System.Buffers.Binary;

namespace NetServ.Packets;

/// <summary>
/// Writes an LLDPDU from the start of a span on; the caller keeps the order of IEEE 802.1AB-2016 section 8.2. Each call throws
/// <see cref="ArgumentException"/> if the span is too short.
/// </summary>
public ref struct LldpWriter
{
    /// <summary>Subtype of a chassis id that means what the sender likes.</summary>
    public const byte ChassisLocal = 7;

    /// <summary>Subtype of a port id that means what the sender likes.</summary>
    public const byte PortLocal = 7;

    private const int MaxValue = 511;

    private readonly Span<byte> _destination;

    /// <summary>A writer into <paramref name="destination"/>.</summary>
    public LldpWriter(Span<byte> destination) => _destination = destination;

    /// <summary>Bytes so far.</summary>
    public int Written { get; private set; }

    /// <summary>Appends a chassis id.</summary>
    public void ChassisId(byte subtype, scoped ReadOnlySpan<byte> id)
    {
        Span<byte> value = Reserve(LldpTlvType.ChassisId, 1 + id.Length);
        value[0] = subtype;
        id.CopyTo(value[1..]);
    }

    /// <summary>Appends a port id.</summary>
    public void PortId(byte subtype, scoped ReadOnlySpan<byte> id)
    {
        Span<byte> value = Reserve(LldpTlvType.PortId, 1 + id.Length);
        value[0] = subtype;
        id.CopyTo(value[1..]);
    }

    /// <summary>Appends the time to live in seconds.</summary>
    public void TimeToLive(ushort seconds) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(LldpTlvType.TimeToLive, 2), seconds);

    /// <summary>Appends a TLV of an organisation; returns where its information goes.</summary>
    /// <param name="organization">24 bits.</param>
    /// <param name="subtype">The organisation's subtype.</param>
    /// <param name="length">Bytes of information, up to 507.</param>
    public Span<byte> Organization(uint organization, byte subtype, int length)
    {
        Span<byte> value = Reserve(LldpTlvType.OrganizationSpecific, 4 + length);
        BinaryPrimitives.WriteUInt32BigEndian(value, (organization << 8) | subtype);
        return value[4..];
    }

    /// <summary>Ends the LLDPDU.</summary>
    public void End() => Reserve(LldpTlvType.End, 0);

    private Span<byte> Reserve(LldpTlvType type, int length)
    {
        if (length > MaxValue)
            throw new ArgumentException($"a TLV has up to {MaxValue} bytes, not {length}", nameof(length));
        if (_destination.Length - Written < LldpView.TlvHeaderSize + length)
            throw new ArgumentException($"no room for a TLV of {length} bytes behind {Written}", nameof(length));
        BinaryPrimitives.WriteUInt16BigEndian(_destination[Written..], (ushort)(((int)type << 9) | length));
        Span<byte> value = _destination.Slice(Written + LldpView.TlvHeaderSize, length);
        Written += LldpView.TlvHeaderSize + length;
        return value;
    }
}

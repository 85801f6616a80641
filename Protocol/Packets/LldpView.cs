using System.Buffers.Binary;

namespace NetServ.Packets;

/// <summary>
/// A checked view of an LLDPDU, what follows the EtherType 0x88cc (IEEE 802.1AB-2016 section 8.2): chassis id, port id and time to live in this order,
/// then others, then an empty end.
/// <code>
/// bits
///    7  type
///    9  length of the value
///    .  value
/// </code>
/// What follows the end is padding and ignored. A LLDPDU that stops without an end is taken as far as it is whole, as the standard allows.
/// </summary>
public readonly ref struct LldpView
{
    /// <summary>Bytes before a TLV's value.</summary>
    public const int TlvHeaderSize = 2;

    private readonly ReadOnlySpan<byte> _bytes;

    private LldpView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The address of all LLDP of a link (section 7.1): bridges do not forward it.</summary>
    public static MacAddress NearestBridge => new(0x0180_c200_000e);

    /// <summary>Bytes up to the end TLV, that included.</summary>
    public int Length => _bytes.Length;

    /// <summary>Chassis id, subtype first.</summary>
    public ReadOnlySpan<byte> ChassisId => ValueOf(0);

    /// <summary>Port id, subtype first.</summary>
    public ReadOnlySpan<byte> PortId => ValueOf(1);

    /// <summary>Seconds.</summary>
    public ushort TimeToLive => BinaryPrimitives.ReadUInt16BigEndian(ValueOf(2));

    /// <summary>Whether the bytes are an LLDPDU: the three mandatory TLVs with lengths that the standard allows, and no TLV cut short.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out LldpView view)
    {
        view = default;
        int index = 0;
        Enumerator tlvs = new(bytes);
        while (tlvs.MoveNext())
        {
            if (index < 3 && !IsMandatory(index, tlvs.Current))
                return false;
            if (index >= 3 && tlvs.Current.Type is LldpTlvType.ChassisId or LldpTlvType.PortId or LldpTlvType.TimeToLive)
                return false;
            index++;
        }
        if (index < 3 || tlvs.IsCut)
            return false;
        view = new LldpView(bytes[..tlvs.At]);
        return true;
    }

    /// <summary>The TLVs in their order, without the end.</summary>
    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>Finds an organisation's TLV.</summary>
    public bool TryFind(uint organization, byte subtype, out LldpTlv found)
    {
        foreach (LldpTlv tlv in this)
        {
            if (tlv.IsOrganizational && tlv.Organization == organization && tlv.OrganizationSubtype == subtype)
            {
                found = tlv;
                return true;
            }
        }
        found = default;
        return false;
    }

    private static bool IsMandatory(int index, in LldpTlv tlv) =>
        tlv.Type == (LldpTlvType)(index + 1) && (index == 2 ? tlv.Value.Length >= 2 : tlv.Value.Length is >= 2 and <= 256);

    private ReadOnlySpan<byte> ValueOf(int index)
    {
        Enumerator tlvs = new(_bytes);
        for (int i = 0; i <= index; i++)
            tlvs.MoveNext();
        return tlvs.Current.Value;
    }

    /// <summary>Walks over TLVs up to the end.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private LldpTlv _current;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _bytes = bytes;

        /// <summary>The TLV.</summary>
        public readonly LldpTlv Current => _current;

        /// <summary>Whether the last TLV is not whole.</summary>
        internal bool IsCut { get; private set; }

        /// <summary>Bytes read so far, an end included.</summary>
        internal int At { get; private set; }

        /// <summary>Goes on; false at the end.</summary>
        public bool MoveNext()
        {
            ReadOnlySpan<byte> rest = _bytes[At..];
            if (rest.Length < TlvHeaderSize)
            {
                IsCut |= !rest.IsEmpty;
                return false;
            }
            int header = BinaryPrimitives.ReadUInt16BigEndian(rest);
            int length = header & 0x1ff;
            LldpTlvType type = (LldpTlvType)(header >> 9);
            if (length > rest.Length - TlvHeaderSize)
            {
                IsCut = true;
                return false;
            }
            if (type == LldpTlvType.End)
            {
                IsCut |= length != 0;
                At += TlvHeaderSize;
                return false;
            }
            _current = new LldpTlv(type, rest.Slice(TlvHeaderSize, length));
            At += TlvHeaderSize + length;
            return true;
        }
    }
}

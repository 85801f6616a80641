using System.Buffers.Binary;

namespace NetServ.Packets;

/// <summary>Types of TLVs (IEEE 802.1AB-2016 table 8-1).</summary>
public enum LldpTlvType : byte
{
    /// <summary>End of the LLDPDU; empty.</summary>
    End = 0,

    /// <summary>Who sends; the first one.</summary>
    ChassisId = 1,

    /// <summary>Out of which port; the second one.</summary>
    PortId = 2,

    /// <summary>For how many seconds it holds; the third one.</summary>
    TimeToLive = 3,

    /// <summary>Text about the port.</summary>
    PortDescription = 4,

    /// <summary>The system's name.</summary>
    SystemName = 5,

    /// <summary>Text about the system.</summary>
    SystemDescription = 6,

    /// <summary>What the system can do.</summary>
    SystemCapabilities = 7,

    /// <summary>Where it is managed.</summary>
    ManagementAddress = 8,

    /// <summary>An organisation's own: three bytes of its identifier, one of its subtype, then as it likes.</summary>
    OrganizationSpecific = 127,
}

/// <summary>One TLV: seven bits of type, nine of length, then the value (IEEE 802.1AB-2016 section 8.4).</summary>
public readonly ref struct LldpTlv
{
    private const int OrganizationSize = 3;

    internal LldpTlv(LldpTlvType type, ReadOnlySpan<byte> value)
    {
        Type = type;
        Value = value;
    }

    /// <summary>What it says.</summary>
    public LldpTlvType Type { get; }

    /// <summary>Up to 511 bytes.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Subtype of a chassis or port id, 0 if there is none.</summary>
    public byte Subtype => Value.IsEmpty ? (byte)0 : Value[0];

    /// <summary>Whether it is of an organisation and carries its subtype.</summary>
    public bool IsOrganizational => Type == LldpTlvType.OrganizationSpecific && Value.Length > OrganizationSize;

    /// <summary>The organisation's identifier, 24 bits; for <see cref="IsOrganizational"/> only.</summary>
    public uint Organization => ((uint)Value[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(Value[1..]);

    /// <summary>The organisation's subtype; for <see cref="IsOrganizational"/> only.</summary>
    public byte OrganizationSubtype => Value[OrganizationSize];

    /// <summary>What follows the organisation's subtype; for <see cref="IsOrganizational"/> only.</summary>
    public ReadOnlySpan<byte> Information => Value[(OrganizationSize + 1)..];
}

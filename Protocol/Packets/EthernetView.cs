using System.Buffers.Binary;

namespace NetServ.Packets;

/// <summary>
/// A view of an Ethernet II frame without FCS.
/// <code>
/// offset size field
///      0    6 destination
///      6    6 source
///     12    2 EtherType; below 0x0600 the length of an IEEE 802.3 frame
/// </code>
/// </summary>
public readonly ref struct EthernetView
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 14;

    private const int SourceAt = 6;
    private const int TypeAt = 12;

    private readonly ReadOnlySpan<byte> _bytes;

    private EthernetView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Destination address.</summary>
    public MacAddress Destination => MacAddress.Read(_bytes);

    /// <summary>Source address.</summary>
    public MacAddress Source => MacAddress.Read(_bytes[SourceAt..]);

    /// <summary>EtherType or length.</summary>
    public ushort Type => BinaryPrimitives.ReadUInt16BigEndian(_bytes[TypeAt..]);

    /// <summary>What follows the header.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderSize..];

    /// <summary>Whether there are enough bytes for the header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out EthernetView view)
    {
        bool enough = frame.Length >= HeaderSize;
        view = enough ? new EthernetView(frame) : default;
        return enough;
    }

    /// <summary>Writes a header to the start of <paramref name="destination"/>.</summary>
    /// <returns>Its size.</returns>
    public static int Write(Span<byte> destination, MacAddress target, MacAddress source, ushort type)
    {
        target.WriteTo(destination);
        source.WriteTo(destination[SourceAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[TypeAt..], type);
        return HeaderSize;
    }
}

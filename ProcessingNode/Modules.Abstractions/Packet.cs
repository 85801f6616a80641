using System.Buffers.Binary;
using NetServ.Packets;

namespace NetServ.Modules.Abstractions;

/// <summary>
/// One frame in the node's buffer: the bytes, writable, and where its headers start. It lives on the stack, so that no module can keep it.
/// Offsets count from the frame's first byte. They are found once, when the packet is handed over: a module that moves a header moves alone.
/// Checksums are the module's own to mend (see <c>NetServ.Packets</c>).
/// </summary>
public ref struct Packet
{
    private const int EthernetSize = 14;
    private readonly Span<byte> _buffer;
    private int _length;

    /// <summary>Views a frame as the other constructor does, and says of which flow it is, whatever was changed in it since it was received.</summary>
    /// <inheritdoc cref="Packet(Span{byte}, int)"/>
    public Packet(Span<byte> buffer, int length, FiveTuple flow)
        : this(buffer, length) => Flow = flow;

    /// <summary>Views the first <paramref name="length"/> bytes of <paramref name="buffer"/>; the rest of the buffer is room to grow.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The frame is shorter than an Ethernet header or longer than its buffer.</exception>
    public Packet(Span<byte> buffer, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, EthernetSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, buffer.Length);
        _buffer = buffer;
        _length = length;
        FindHeaders();
        Flow = IsIpv4 ? FindFlow() : default;
    }

    /// <summary>The flow that the packet belonged to when it was received, as a switch names it: a fragment has ports 0, ICMP its type and code.</summary>
    public readonly FiveTuple Flow { get; }

    /// <summary>Whether <see cref="Release"/> was called.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>The whole frame, from the Ethernet destination on, without FCS.</summary>
    public readonly Span<byte> Frame => _buffer[.._length];

    /// <summary>Bytes in the frame.</summary>
    public readonly int Length => _length;

    /// <summary>Bytes the frame may grow to at its end. There is no room before its start.</summary>
    public readonly int Capacity => _buffer.Length;

    /// <summary>EtherType behind any VLAN tag.</summary>
    public ushort EtherType { get; private set; }

    /// <summary>Where the network header starts: 14, or 18 behind a VLAN tag.</summary>
    public int NetworkOffset { get; private set; }

    /// <summary>Whether this is an IPv4 packet with a whole header; the IPv4 members below need it.</summary>
    public bool IsIpv4 { get; private set; }

    /// <summary>Whether this is a fragment, the first one included.</summary>
    public bool IsFragment { get; private set; }

    /// <summary>IP protocol number; 0 where <see cref="IsIpv4"/> is false.</summary>
    public byte Protocol { get; private set; }

    /// <summary>Where the transport header starts; 0 in a frame without one (not IPv4, a later fragment).</summary>
    public int TransportOffset { get; private set; }

    /// <summary>Whether a whole TCP or UDP header is there; the port members below need it.</summary>
    public bool HasPorts { get; private set; }

    /// <summary>Whether this is UDP with a whole header and a length that fits the packet.</summary>
    public readonly bool IsUdp => HasPorts && Protocol == 17;

    /// <summary>Where what the transport carries starts; 0 where <see cref="HasPorts"/> is false.</summary>
    public int PayloadOffset { get; private set; }

    /// <summary>Bytes the transport carries, Ethernet padding left out.</summary>
    public int PayloadLength { get; private set; }

    /// <summary>What the transport carries.</summary>
    public readonly Span<byte> Payload => _buffer.Slice(PayloadOffset, PayloadLength);

    /// <summary>Ethernet destination.</summary>
    public readonly MacAddress DestinationMac => MacAddress.Read(_buffer);

    /// <summary>Ethernet source.</summary>
    public readonly MacAddress SourceMac => MacAddress.Read(_buffer[MacAddress.Size..]);

    /// <summary>IPv4 source; 0.0.0.0 where <see cref="IsIpv4"/> is false.</summary>
    public readonly Ipv4Address Source => IsIpv4 ? Ipv4Address.Read(_buffer[(NetworkOffset + 12)..]) : default;

    /// <summary>IPv4 destination; 0.0.0.0 where <see cref="IsIpv4"/> is false.</summary>
    public readonly Ipv4Address Destination => IsIpv4 ? Ipv4Address.Read(_buffer[(NetworkOffset + 16)..]) : default;

    /// <summary>Time to live; 0 where <see cref="IsIpv4"/> is false.</summary>
    public readonly byte TimeToLive => IsIpv4 ? _buffer[NetworkOffset + 8] : (byte)0;

    /// <summary>TCP or UDP source port; 0 where <see cref="HasPorts"/> is false.</summary>
    public readonly ushort SourcePort => HasPorts ? BinaryPrimitives.ReadUInt16BigEndian(_buffer[TransportOffset..]) : (ushort)0;

    /// <summary>TCP or UDP destination port; 0 where <see cref="HasPorts"/> is false.</summary>
    public readonly ushort DestinationPort => HasPorts ? BinaryPrimitives.ReadUInt16BigEndian(_buffer[(TransportOffset + 2)..]) : (ushort)0;

    /// <summary>Makes the frame longer or shorter at its end; new bytes hold whatever the buffer held.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 14 bytes or above <see cref="Capacity"/>.</exception>
    public void SetLength(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, EthernetSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _buffer.Length);
        _length = length;
        FindHeaders();
    }

    /// <summary>
    /// Says that the module has seen enough of this packet's flow. Once every module that the flow meets on this node has said so, later packets may
    /// go the direct way and be seen by none of them, until one calls the flow back (<see cref="ModuleContext.Recall"/>). Nothing is promised: packets
    /// may go on coming, and the module says so again with each of them.
    /// </summary>
    public void Release() => IsReleased = true;

    // As FlowKey reads it.
    private readonly FiveTuple FindFlow()
    {
        ushort vlan = NetworkOffset == EthernetSize ? FlowKey.NoVlan : (ushort)(BinaryPrimitives.ReadUInt16BigEndian(_buffer[14..]) & 0xfff);
        FiveTuple flow = new(Protocol, Source, Destination, 0, 0, vlan);
        if (IsFragment)
            return flow;
        if (HasPorts)
            return flow with { TpSrc = SourcePort, TpDst = DestinationPort };
        bool isIcmp = Protocol == IpProtocols.Icmp && _length >= TransportOffset + 4;
        return isIcmp ? flow with { TpSrc = _buffer[TransportOffset], TpDst = _buffer[TransportOffset + 1] } : flow;
    }

    private void FindHeaders()
    {
        IsIpv4 = IsFragment = HasPorts = false;
        Protocol = 0;
        TransportOffset = PayloadOffset = PayloadLength = 0;
        NetworkOffset = EthernetSize;
        EtherType = BinaryPrimitives.ReadUInt16BigEndian(_buffer[12..]);
        if (EtherType == 0x8100 && _length >= EthernetSize + 4)
        {
            EtherType = BinaryPrimitives.ReadUInt16BigEndian(_buffer[16..]);
            NetworkOffset += 4;
        }
        if (EtherType == 0x0800)
            FindIpv4(Frame[NetworkOffset..]);
    }

    // RFC 791 section 3.1.
    private void FindIpv4(ReadOnlySpan<byte> ip)
    {
        if (ip.Length < 20 || ip[0] >> 4 != 4)
            return;
        int header = (ip[0] & 0xf) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
        if (header < 20 || total < header || total > ip.Length)
            return;
        int fragment = BinaryPrimitives.ReadUInt16BigEndian(ip[6..]);
        IsIpv4 = true;
        IsFragment = (fragment & 0x3fff) != 0;
        Protocol = ip[9];
        if ((fragment & 0x1fff) != 0)
            return;
        TransportOffset = NetworkOffset + header;
        FindPorts(ip[header..total], (fragment & 0x2000) != 0);
    }

    // RFC 768, RFC 9293 section 3.1. The first fragment of a datagram holds less than the length its UDP header states.
    private void FindPorts(ReadOnlySpan<byte> transport, bool moreFragments)
    {
        int header = 8;
        int end = transport.Length;
        if (Protocol == 17 && end >= 8)
        {
            int stated = BinaryPrimitives.ReadUInt16BigEndian(transport[4..]);
            if (stated < 8 || (stated > end && !moreFragments))
                return;
            end = Math.Min(stated, end);
        }
        else if (Protocol == 6 && end >= 20)
        {
            header = (transport[12] >> 4) * 4;
            if (header < 20 || header > end)
                return;
        }
        else
        {
            return;
        }
        HasPorts = true;
        PayloadOffset = TransportOffset + header;
        PayloadLength = end - header;
    }
}

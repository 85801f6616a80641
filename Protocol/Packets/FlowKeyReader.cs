using System.Buffers.Binary;

namespace NetServ.Packets;

/// <summary>Reads the fields of a flow key from a frame, one header after the other (OpenFlow 1.0.0 section 3.4, figure 4).</summary>
internal ref struct FlowKeyReader
{
    private const int MacsSize = 2 * MacAddress.Size;
    private const int EthernetSize = MacsSize + 2;
    private const int TagSize = 4;
    private const int SnapSize = 8;
    private const int ArpSize = 28;
    private const int Ipv4MinSize = 20;

    private readonly ReadOnlySpan<byte> _frame;
    private int _at;
    private ushort _vlan;
    private byte _pcp;
    private ushort _type;
    private byte _tos;
    private byte _proto;
    private Ipv4Address _nwSrc;
    private Ipv4Address _nwDst;
    private ushort _tpSrc;
    private ushort _tpDst;

    private FlowKeyReader(ReadOnlySpan<byte> frame)
    {
        _frame = frame;
        _vlan = FlowKey.NoVlan;
    }

    private FrameInfo Info { get; set; }

    private readonly ReadOnlySpan<byte> Rest => _frame[_at..];

    internal static bool TryRead(ReadOnlySpan<byte> frame, ushort inPort, out FlowKey key, out FrameInfo info)
    {
        if (frame.Length < EthernetSize)
        {
            key = default;
            info = FrameInfo.Truncated;
            return false;
        }
        FlowKeyReader reader = new(frame);
        reader.ReadLink();
        key = new FlowKey
        {
            InPort = inPort,
            DlSrc = MacAddress.Read(frame[MacAddress.Size..]),
            DlDst = MacAddress.Read(frame),
            DlVlan = reader._vlan,
            DlVlanPcp = reader._pcp,
            DlType = reader._type,
            NwTos = reader._tos,
            NwProto = reader._proto,
            NwSrc = reader._nwSrc,
            NwDst = reader._nwDst,
            TpSrc = reader._tpSrc,
            TpDst = reader._tpDst,
        };
        info = reader.Info;
        return true;
    }

    private static ushort U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private void ReadLink()
    {
        _type = U16(_frame[MacsSize..]);
        _at = EthernetSize;
        if (_type == EtherTypes.Vlan)
            ReadTag();
        if (_type < EtherTypes.FirstType)
            ReadLlc();
        if (_type == EtherTypes.Ipv4)
            ReadIpv4();
        else if (_type == EtherTypes.Arp)
            ReadArp();
    }

    // Only the outer tag: what follows a second one is that tag's type, 0x8100, and no network header.
    private void ReadTag()
    {
        if (Rest.Length < TagSize)
        {
            Info |= FrameInfo.Truncated;
            return;
        }
        ushort tci = U16(Rest);
        _vlan = (ushort)(tci & 0x0fff);
        _pcp = (byte)(tci >> 13);
        _type = U16(Rest[2..]);
        _at += TagSize;
    }

    private void ReadLlc()
    {
        ReadOnlySpan<byte> llc = Rest;
        _type = EtherTypes.None;
        if (llc.Length < SnapSize || !llc.StartsWith((ReadOnlySpan<byte>)[0xaa, 0xaa, 0x03, 0, 0, 0]))
            return;
        ushort inner = U16(llc[6..]);
        if (inner < EtherTypes.FirstType)
            return;
        _type = inner;
        _at += SnapSize;
    }

    private void ReadArp()
    {
        ReadOnlySpan<byte> arp = Rest;
        // Hardware Ethernet, protocol IPv4, address sizes 6 and 4; anything else has its fields elsewhere.
        if (arp.Length < ArpSize || !arp.StartsWith((ReadOnlySpan<byte>)[0, 1, 8, 0, 6, 4]))
        {
            Info |= FrameInfo.Truncated;
            return;
        }
        ushort opcode = U16(arp[6..]);
        // As Open vSwitch does: an opcode that does not fit nw_proto reads as none.
        _proto = opcode <= 0xff ? (byte)opcode : (byte)0;
        _nwSrc = Ipv4Address.Read(arp[14..]);
        _nwDst = Ipv4Address.Read(arp[24..]);
    }

    private void ReadIpv4()
    {
        ReadOnlySpan<byte> ip = Rest;
        int headerSize = ip.Length < Ipv4MinSize ? 0 : (ip[0] & 0x0f) * 4;
        if (headerSize < Ipv4MinSize || headerSize > ip.Length || ip[0] >> 4 != 4)
        {
            Info |= FrameInfo.Truncated;
            return;
        }
        _tos = (byte)(ip[1] & 0xfc);
        _proto = ip[9];
        _nwSrc = Ipv4Address.Read(ip[12..]);
        _nwDst = Ipv4Address.Read(ip[16..]);
        if ((U16(ip[6..]) & 0x3fff) != 0)
        {
            Info |= FrameInfo.Fragment;
            return;
        }
        // Padding after the packet is not part of it; a packet cut short, as in a PacketIn, is read as far as it goes.
        int total = U16(ip[2..]);
        int end = total >= headerSize && total <= ip.Length ? total : ip.Length;
        ReadTransport(ip[headerSize..end]);
    }

    private void ReadTransport(ReadOnlySpan<byte> transport)
    {
        switch (_proto)
        {
            case IpProtocols.Tcp when transport.Length >= 20:
            case IpProtocols.Udp when transport.Length >= 8:
                _tpSrc = U16(transport);
                _tpDst = U16(transport[2..]);
                break;
            case IpProtocols.Icmp when transport.Length >= 4:
                _tpSrc = transport[0];
                _tpDst = transport[1];
                break;
            case IpProtocols.Tcp or IpProtocols.Udp or IpProtocols.Icmp:
                Info |= FrameInfo.Truncated;
                break;
        }
    }
}

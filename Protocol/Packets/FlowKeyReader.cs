using System.Buffers.Binary;

namespace NetServ.Packets;

/// <summary>Reads the fields of a flow key from a frame, one header after the other (OpenFlow 1.0.0 section 3.4, figure 4).</summary>
internal ref struct FlowKeyReader
{
    private const int SnapSize = 8;

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
        if (!EthernetView.TryRead(frame, out EthernetView ethernet))
        {
            key = default;
            info = FrameInfo.Truncated;
            return false;
        }
        FlowKeyReader reader = new(frame);
        reader.ReadLink(ethernet.Type);
        key = new FlowKey
        {
            InPort = inPort,
            DlSrc = ethernet.Source,
            DlDst = ethernet.Destination,
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

    private void ReadLink(ushort type)
    {
        _type = type;
        _at = EthernetView.HeaderSize;
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
        if (!VlanView.TryRead(Rest, out VlanView tag))
        {
            Info |= FrameInfo.Truncated;
            return;
        }
        _vlan = tag.Id;
        _pcp = tag.Priority;
        _type = tag.Type;
        _at += VlanView.HeaderSize;
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
        if (!ArpView.TryRead(Rest, out ArpView arp))
        {
            Info |= FrameInfo.Truncated;
            return;
        }
        _proto = (byte)arp.Operation;
        _nwSrc = arp.SenderIp;
        _nwDst = arp.TargetIp;
    }

    private void ReadIpv4()
    {
        if (!Ipv4View.TryRead(Rest, out Ipv4View ip))
        {
            Info |= FrameInfo.Truncated;
            return;
        }
        _tos = (byte)(ip.Tos & 0xfc);
        _proto = ip.Protocol;
        _nwSrc = ip.Source;
        _nwDst = ip.Destination;
        if (ip.IsFragment)
            Info |= FrameInfo.Fragment;
        else
            // Without padding; a packet cut short, as in a PacketIn, is read as far as it goes.
            ReadTransport(ip.Payload);
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

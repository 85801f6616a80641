using System.Net;
using System.Net.NetworkInformation;
using PacketDotNet;
using PacketDotNet.Utils;

namespace NetServ.Packets.Tests;

/// <summary>Frames made by another library, with the flow key they must have.</summary>
internal sealed class RandomFrames(int seed)
{
    private readonly Random _random = new(seed);

    internal (byte[] Frame, FlowKey Key) Next()
    {
        FlowKey key = new()
        {
            InPort = (ushort)_random.Next(65536),
            DlSrc = new MacAddress((ulong)_random.NextInt64(1L << 48)),
            DlDst = new MacAddress((ulong)_random.NextInt64(1L << 48)),
            DlVlan = FlowKey.NoVlan,
        };
        Packet payload = NextNetwork(ref key);
        EthernetPacket ethernet = new(Physical(key.DlSrc), Physical(key.DlDst), (EthernetType)key.DlType);
        if (_random.Next(3) == 0)
        {
            key = key with { DlVlan = (ushort)_random.Next(4096), DlVlanPcp = (byte)_random.Next(8) };
            // The payload before the type, or the library parses the one that is not there yet.
            Ieee8021QPacket tag = new(new ByteArraySegment(new byte[4]))
            {
                VlanIdentifier = key.DlVlan,
                PriorityControlPoint = (IeeeP8021PPriority)key.DlVlanPcp,
                PayloadPacket = payload,
                Type = (EthernetType)key.DlType,
            };
            ethernet.Type = EthernetType.VLanTaggedFrame;
            ethernet.PayloadPacket = tag;
        }
        else
        {
            ethernet.PayloadPacket = payload;
        }
        return (ethernet.Bytes, key);
    }

    private Packet NextNetwork(ref FlowKey key)
    {
        Ipv4Address source = new((uint)_random.NextInt64(1L << 32));
        Ipv4Address destination = new((uint)_random.NextInt64(1L << 32));
        if (_random.Next(6) == 0)
        {
            ArpOperation operation = (ArpOperation)_random.Next(1, 3);
            key = key with { DlType = EtherTypes.Arp, NwProto = (byte)operation, NwSrc = source, NwDst = destination };
            return new ArpPacket(operation, Physical(key.DlDst), Address(destination), Physical(key.DlSrc), Address(source));
        }
        byte tos = (byte)_random.Next(256);
        key = key with { DlType = EtherTypes.Ipv4, NwTos = (byte)(tos & 0xfc), NwSrc = source, NwDst = destination };
        IPv4Packet ip = new(Address(source), Address(destination)) { TypeOfService = tos, TimeToLive = _random.Next(256), Id = (ushort)_random.Next(65536) };
        ushort a = (ushort)_random.Next(65536);
        ushort b = (ushort)_random.Next(65536);
        byte[] data = new byte[_random.Next(300)];
        _random.NextBytes(data);
        switch (_random.Next(3))
        {
            case 0:
                ip.PayloadPacket = new UdpPacket(a, b) { PayloadData = data };
                ip.Protocol = ProtocolType.Udp;
                key = key with { NwProto = IpProtocols.Udp, TpSrc = a, TpDst = b };
                break;
            case 1:
                ip.PayloadPacket = new TcpPacket(a, b) { PayloadData = data, SequenceNumber = (uint)a << 7 };
                ip.Protocol = ProtocolType.Tcp;
                key = key with { NwProto = IpProtocols.Tcp, TpSrc = a, TpDst = b };
                break;
            default:
                ip.PayloadPacket = new IcmpV4Packet(new ByteArraySegment(new byte[8])) { TypeCode = (IcmpV4TypeCode)a, PayloadData = data };
                ip.Protocol = ProtocolType.Icmp;
                key = key with { NwProto = IpProtocols.Icmp, TpSrc = (byte)(a >> 8), TpDst = (byte)a };
                break;
        }
        (ip.PayloadPacket as UdpPacket)?.UpdateUdpChecksum();
        (ip.PayloadPacket as TcpPacket)?.UpdateTcpChecksum();
        (ip.PayloadPacket as IcmpV4Packet)?.UpdateIcmpChecksum();
        ip.UpdateIPChecksum();
        return ip;
    }

    private static PhysicalAddress Physical(MacAddress address)
    {
        byte[] bytes = new byte[6];
        address.WriteTo(bytes);
        return new PhysicalAddress(bytes);
    }

    private static IPAddress Address(Ipv4Address address)
    {
        byte[] bytes = new byte[4];
        address.WriteTo(bytes);
        return new IPAddress(bytes);
    }
}

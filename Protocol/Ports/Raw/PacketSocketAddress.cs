using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace NetServ.Ports;

/// <summary>struct sockaddr_ll of an interface, for all protocols.</summary>
internal sealed class PacketSocketAddress(uint interfaceIndex) : EndPoint
{
    private const int Size = 20;

    public override AddressFamily AddressFamily => AddressFamily.Packet;

    public override SocketAddress Serialize()
    {
        SocketAddress address = new(AddressFamily.Packet, Size);
        BinaryPrimitives.WriteUInt16BigEndian(address.Buffer.Span[2..], PacketSocketConstants.AllProtocols);
        BinaryPrimitives.WriteInt32LittleEndian(address.Buffer.Span[4..], (int)interfaceIndex);
        return address;
    }
}

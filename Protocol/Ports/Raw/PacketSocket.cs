using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using static NetServ.Ports.PacketSocketConstants;

namespace NetServ.Ports;

/// <summary>Opens a packet socket as a port needs it, with errors a person can act on.</summary>
internal static class PacketSocket
{
    private const int BufferSize = 8 * 1024 * 1024;
    private const int RequestSize = 40;
    private const int RequestNameSize = 16;

    internal static Socket Open(string name, string interfaceName)
    {
        if (!OperatingSystem.IsLinux())
            throw new PortException($"port {name}: packet sockets exist on Linux only; use pcap:{interfaceName}");
        uint index = Libc.InterfaceIndex(interfaceName);
        if (index == 0)
            throw new PortException($"port {name}: there is no interface {interfaceName}; 'ip link' lists those there are");
        try
        {
            return Open(index);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AccessDenied || e.NativeErrorCode == 1)
        {
            throw new PortException($"port {name}: no permission for packet sockets; run as root or give the program CAP_NET_RAW", e);
        }
        catch (SocketException e)
        {
            throw new PortException($"port {name}: cannot open interface {interfaceName}: {e.Message}", e);
        }
    }

    /// <summary>Whether the interface is up and has a carrier; null if it is gone.</summary>
    internal static bool? IsUp(Socket socket, string interfaceName)
    {
        byte[] request = Request(interfaceName);
        if (Libc.InterfaceControl(socket.SafeHandle, GetInterfaceFlags, request) < 0)
            return Marshal.GetLastPInvokeError() is NoSuchDevice or NoSuchDeviceOrAddress ? null : false;
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(request.AsSpan(RequestNameSize));
        return (flags & FlagsUpAndRunning) == FlagsUpAndRunning;
    }

    internal static int Mtu(Socket socket, string interfaceName)
    {
        byte[] request = Request(interfaceName);
        return Libc.InterfaceControl(socket.SafeHandle, GetInterfaceMtu, request) < 0 ? 1500 : BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(RequestNameSize));
    }

    private static Socket Open(uint index)
    {
        // The protocol is zero until bind, so that no frame of another interface gets in before.
        Socket socket = new(AddressFamily.Packet, SocketType.Raw, 0) { Blocking = false };
        try
        {
            SetOption(socket, SolPacket, IgnoreOutgoing, 1);
            SetOption(socket, SolPacket, Auxdata, 1);
            SetOption(socket, SolPacket, QdiscBypass, 1);
            TrySetOption(socket, SolSocket, SoReceiveBufferForce, BufferSize);
            TrySetOption(socket, SolSocket, SoSendBufferForce, BufferSize);
            socket.Bind(new PacketSocketAddress(index));
            BecomePromiscuous(socket, index);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void BecomePromiscuous(Socket socket, uint index)
    {
        // struct packet_mreq: index, type, length of the address, address.
        Span<byte> membership = stackalloc byte[16];
        membership.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(membership, index);
        BinaryPrimitives.WriteUInt16LittleEndian(membership[4..], MembershipPromiscuous);
        socket.SetRawSocketOption(SolPacket, AddMembership, membership);
    }

    private static void SetOption(Socket socket, int level, int option, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        socket.SetRawSocketOption(level, option, bytes);
    }

    // Only CAP_NET_ADMIN may exceed the system's limit; the default size works, with less room for bursts.
    private static void TrySetOption(Socket socket, int level, int option, int value)
    {
        try
        {
            SetOption(socket, level, option, value);
        }
        catch (SocketException)
        {
            socket.ReceiveBufferSize = BufferSize;
            socket.SendBufferSize = BufferSize;
        }
    }

    private static byte[] Request(string interfaceName)
    {
        byte[] request = new byte[RequestSize];
        Encoding.UTF8.GetBytes(interfaceName).AsSpan().CopyTo(request);
        return request;
    }
}

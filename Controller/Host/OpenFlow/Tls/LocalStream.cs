using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace NetServ.Controller.OpenFlow.Tls;

/// <summary>Two sockets of this process that are connected to each other.</summary>
internal static class LocalStream
{
    /// <summary>Makes them in the best way there is here.</summary>
    public static (Socket One, Socket Other) Create() => OperatingSystem.IsLinux() ? CreatePair() : CreateByLoopback();

    /// <summary>By socketpair(2).</summary>
    public static (Socket One, Socket Other) CreatePair()
    {
        int[] descriptors = new int[2];
        if (Libc.SocketPair(Libc.UnixDomain, Libc.StreamCloseOnExec, 0, descriptors) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        return (Own(descriptors[0]), Own(descriptors[1]));
    }

    /// <summary>By a connection over loopback; whoever else connects meanwhile is turned away.</summary>
    public static (Socket One, Socket Other) CreateByLoopback()
    {
        using Socket listener = New();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(8);
        Socket one = New();
        one.Connect(listener.LocalEndPoint!);
        while (true)
        {
            Socket other = listener.Accept();
            if (other.RemoteEndPoint!.Equals(one.LocalEndPoint))
                return (one, other);
            other.Dispose();
        }
    }

    private static Socket Own(int descriptor) => new(new SafeSocketHandle(descriptor, ownsHandle: true));

    private static Socket New() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
}

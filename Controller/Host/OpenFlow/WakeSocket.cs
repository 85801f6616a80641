using System.Net;
using System.Net.Sockets;

namespace NetServ.Controller.OpenFlow;

/// <summary>A datagram socket that sends to itself, so that another thread can end a wait for readiness.</summary>
internal sealed class WakeSocket : IDisposable
{
    private static readonly byte[] s_one = [1];
    private readonly byte[] _sink = new byte[64];
    private int _pending;

    public WakeSocket()
    {
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        Socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        // Connected to itself it takes nobody else's datagrams.
        Socket.Connect(Socket.LocalEndPoint!);
    }

    public Socket Socket { get; }

    public void Wake()
    {
        if (Interlocked.Exchange(ref _pending, 1) != 0)
            return;
        try
        {
            Socket.Send(s_one, SocketFlags.None, out _);
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more: other threads may still have something to say while the program ends.
        }
    }

    // Drain first: a wake that comes after it leaves its byte, and the items of those before it are taken after this.
    public void Clear()
    {
        if (Volatile.Read(ref _pending) == 0)
            return;
        while (Socket.Receive(_sink, SocketFlags.None, out SocketError error) > 0 && error == SocketError.Success)
        {
        }
        Volatile.Write(ref _pending, 0);
    }

    public void Dispose() => Socket.Dispose();
}

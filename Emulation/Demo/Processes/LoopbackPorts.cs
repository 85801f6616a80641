using System.Net;
using System.Net.Sockets;

namespace NetServ.Demo.Processes;

/// <summary>Free TCP ports of 127.0.0.1, for programs that have to be told theirs.</summary>
internal static class LoopbackPorts
{
    /// <summary>So many different ports that were free a moment ago.</summary>
    public static IPEndPoint[] Free(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners)
            listener.Start();
        IPEndPoint[] free = [.. listeners.Select(l => (IPEndPoint)l.LocalEndpoint)];
        foreach (TcpListener listener in listeners)
            listener.Stop();
        return free;
    }
}

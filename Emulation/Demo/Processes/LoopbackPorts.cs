using System.Net;
using System.Net.Sockets;

namespace NetServ.Demo.Processes;

/// <summary>
/// Free TCP ports of 127.0.0.1, for programs that have to be told theirs. They lie below those that systems give to outgoing connections (RFC 6335 section 6,
/// Linux from 32768 on), or one such connection could take a port before its program listens there.
/// </summary>
internal static class LoopbackPorts
{
    private const int First = 10_000;
    private const int Last = 32_000;
    private const int Attempts = 1000;

    /// <summary>So many different ports that were free a moment ago.</summary>
    public static IPEndPoint[] Free(int count)
    {
        HashSet<IPEndPoint> free = [];
        for (int attempt = 0; attempt < Attempts && free.Count < count; attempt++)
        {
            IPEndPoint candidate = new(IPAddress.Loopback, Random.Shared.Next(First, Last));
            if (CanListen(candidate))
                free.Add(candidate);
        }
        return free.Count == count ? [.. free] : throw new DemoException($"no {count} TCP ports of 127.0.0.1 between {First} and {Last} are free");
    }

    private static bool CanListen(IPEndPoint at)
    {
        TcpListener listener = new(at);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        finally
        {
            listener.Dispose();
        }
    }
}

using System.Net.Sockets;

namespace NetServ.Demo.Relays;

/// <summary>Stream sockets by path.</summary>
internal static class UnixSockets
{
    private const int BufferSize = 4 * 1024 * 1024;

    /// <summary>Connects, trying again until the listener is there.</summary>
    /// <param name="path">The listener's path.</param>
    /// <param name="within">How long to try.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="TimeoutException">Nobody listened in time.</exception>
    public static async Task<Socket> ConnectAsync(string path, TimeSpan within, CancellationToken stop)
    {
        long until = Environment.TickCount64 + (long)within.TotalMilliseconds;
        while (true)
        {
            Socket socket = New();
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
                return socket;
            }
            catch (SocketException) when (Environment.TickCount64 < until)
            {
                socket.Dispose();
            }
            catch (SocketException e)
            {
                socket.Dispose();
                throw new TimeoutException($"nothing listens at {path} after {within.TotalSeconds:0} s", e);
            }
            await Task.Delay(10, stop);
        }
    }

    /// <summary>Listens at a path.</summary>
    public static Socket Listen(string path)
    {
        Socket socket = New();
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen(4);
        return socket;
    }

    /// <summary>Sends all bytes, or says that the peer is gone.</summary>
    public static bool TrySend(Socket socket, ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[socket.Send(bytes)..];
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            return false;
        }
    }

    private static Socket New() =>
        new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveBufferSize = BufferSize, SendBufferSize = BufferSize };
}

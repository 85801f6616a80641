using System.Net.Sockets;

namespace NetServ.Ports;

/// <summary>Connects to a peer at a path, and tries again, ever more slowly, until somebody listens there.</summary>
internal sealed class UnixConnectPort : UnixPort
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private readonly UnixDomainSocketEndPoint _address;

    internal UnixConnectPort(string name, string path, TimeSpan sendWait)
        : base(name, sendWait)
    {
        UnixPaths.Check(name, path);
        _address = new UnixDomainSocketEndPoint(path);
        Start();
    }

    private protected override Socket? NextPeer(CancellationToken closing)
    {
        for (TimeSpan pause = FirstPause; !closing.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            // Not blocking: a listener whose queue is full would hold us.
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
            try
            {
                socket.Connect(_address);
                return socket;
            }
            catch (SocketException)
            {
                socket.Dispose();
            }
            closing.WaitHandle.WaitOne(pause);
        }
        return null;
    }

    private protected override void StopWaiting()
    {
        // The pause between two attempts ends with the token.
    }
}

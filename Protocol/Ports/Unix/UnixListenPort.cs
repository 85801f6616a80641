using System.Net.Sockets;

namespace NetServ.Ports;

/// <summary>Waits for a peer at a path; one at a time, the next one when that has left.</summary>
internal sealed class UnixListenPort : UnixPort
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(20);
    private readonly Socket _listener;

    internal UnixListenPort(string name, string path, TimeSpan sendWait)
        : base(name, sendWait)
    {
        _listener = Listen(name, path);
        Start();
    }

    private protected override Socket? NextPeer(CancellationToken closing)
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                return _listener.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Either the port closes, or the peer left while it was being accepted, or the process has no descriptor left.
                closing.WaitHandle.WaitOne(PauseAfterFailure);
            }
        }
        return null;
    }

    // The class library removes the path of a bound socket with it.
    private protected override void StopWaiting() => _listener.Dispose();

    private static Socket Listen(string name, string path)
    {
        UnixPaths.Check(name, path);
        UnixPaths.RemoveStale(name, path);
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen(1);
            return listener;
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new PortException($"port {name}: cannot listen at {path}: {e.Message}", e);
        }
    }
}

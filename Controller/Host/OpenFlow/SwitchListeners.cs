using System.Net;
using System.Net.Sockets;
using NetServ.Controller.Configuration;
using NetServ.Controller.OpenFlow.Polling;

namespace NetServ.Controller.OpenFlow;

/// <summary>The sockets at which switches arrive.</summary>
internal sealed class SwitchListeners : IDisposable
{
    private const int Backlog = 1024;
    private const int MaxAtOnce = 16;
    private const int PauseAfterFault = 1000;

    private readonly List<(Socket Socket, bool IsTls)> _listeners = [];
    private long _pausedUntil = long.MinValue;

    /// <summary>Listens at all of them.</summary>
    /// <exception cref="EndpointException">An address cannot be listened on.</exception>
    public SwitchListeners(IEnumerable<OpenFlowEndpoint> endpoints)
    {
        try
        {
            foreach (OpenFlowEndpoint endpoint in endpoints)
                _listeners.Add((Listen(endpoint), endpoint.IsTls));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where they are.</summary>
    public IReadOnlyList<OpenFlowEndpoint> Endpoints =>
        [.. _listeners.Select(l => new OpenFlowEndpoint(((IPEndPoint)l.Socket.LocalEndPoint!).Address, ((IPEndPoint)l.Socket.LocalEndPoint!).Port, l.IsTls))];

    /// <summary>Has the poller tell of arrivals, by negative tokens.</summary>
    public void AddTo(IPoller poller)
    {
        for (int i = 0; i < _listeners.Count; i++)
            poller.Add(_listeners[i].Socket, TokenOf(i));
    }

    /// <summary>Takes those that have arrived, not so many that the others have to wait.</summary>
    /// <param name="poller">Who told.</param>
    /// <param name="token">The listener.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="take">Gets the socket and whether it has to speak TLS.</param>
    /// <returns>Why no more can be taken for a while, null if all is well.</returns>
    public string? Accept(IPoller poller, long token, long now, Action<Socket, bool> take)
    {
        (Socket listener, bool isTls) = _listeners[(int)(-token - 1)];
        try
        {
            for (int i = 0; i < MaxAtOnce && listener.Poll(0, SelectMode.SelectRead); i++)
                take(listener.Accept(), isTls);
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.Interrupted)
        {
            // It left before its turn.
            return null;
        }
        catch (SocketException e)
        {
            // No descriptors left, most likely: a listener that is told of again and again would take all the time.
            _pausedUntil = now + PauseAfterFault;
            Want(poller, false);
            return $"no connection can be accepted for {PauseAfterFault / 1000} s: {e.Message}; if descriptors have run out: ulimit -n";
        }
    }

    /// <summary>Begins again after a pause.</summary>
    public void Resume(IPoller poller, long now)
    {
        if (_pausedUntil == long.MinValue || now < _pausedUntil)
            return;
        _pausedUntil = long.MinValue;
        Want(poller, true);
    }

    public void Dispose()
    {
        foreach ((Socket socket, bool _) in _listeners)
            socket.Dispose();
    }

    private static long TokenOf(int index) => -index - 1;

    private void Want(IPoller poller, bool reads)
    {
        for (int i = 0; i < _listeners.Count; i++)
            poller.Change(_listeners[i].Socket, TokenOf(i), reads, write: false);
    }

    private static Socket Listen(OpenFlowEndpoint endpoint)
    {
        try
        {
            return Open(endpoint);
        }
        catch (SocketException e)
        {
            throw new EndpointException($"cannot listen on {endpoint}: {e.Message}; stop what listens there or choose another address with --openflow", e);
        }
    }

    /// <summary>A listening socket, not blocking.</summary>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    internal static Socket Open(OpenFlowEndpoint endpoint)
    {
        // Without IPv6 in the kernel, all addresses are the IPv4 ones.
        bool isAny = endpoint.Address.Equals(IPAddress.IPv6Any);
        IPEndPoint local = isAny && !Socket.OSSupportsIPv6 ? new IPEndPoint(IPAddress.Any, endpoint.Port) : endpoint.EndPoint;
        Socket socket = new(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            if (isAny && local.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = true;
            socket.Bind(local);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}

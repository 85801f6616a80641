using System.Net;
using System.Net.Sockets;
using NetServ.Demo.Measuring;

namespace NetServ.Demo.Relays;

/// <summary>
/// Stands between switch and controller: the switch connects here, and every connection is passed on to whatever <see cref="Upstream"/> names
/// at that moment. While it names nothing, the switch is turned away and tries again.
/// </summary>
internal sealed class OpenFlowRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<OpenFlowTap> _newTap;
    private readonly List<Socket> _sockets = [];
    private volatile IPEndPoint? _upstream;
    private int _connections;

    /// <summary>Listens on a free loopback port.</summary>
    /// <param name="newTap">A look-out for each new connection.</param>
    public OpenFlowRelay(Func<OpenFlowTap> newTap)
    {
        _newTap = newTap;
        _listener.Start();
        new Thread(Accept) { IsBackground = true, Name = "openflow accept" }.Start();
    }

    /// <summary>Where the switch has to connect.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Connections passed on so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Who stands behind the relay from the next connection on.</summary>
    public IPEndPoint? Upstream
    {
        get => _upstream;
        set => _upstream = value;
    }

    /// <summary>Ends all connections; the switch will connect again.</summary>
    public void Disconnect()
    {
        lock (_sockets)
        {
            foreach (Socket socket in _sockets)
                socket.Dispose();
            _sockets.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _upstream = null;
        _listener.Stop();
        Disconnect();
    }

    private void Accept()
    {
        try
        {
            while (true)
                Join(_listener.AcceptSocket());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private void Join(Socket fromSwitch)
    {
        if (_upstream is not { } upstream || Connect(upstream) is not { } toController)
        {
            fromSwitch.Dispose();
            return;
        }
        fromSwitch.NoDelay = true;
        lock (_sockets)
            _sockets.AddRange([fromSwitch, toController]);
        OpenFlowTap tap = _newTap();
        Interlocked.Increment(ref _connections);
        new Thread(() => Carry(fromSwitch, toController, tap.FromSwitch)) { IsBackground = true, Name = "switch to controller" }.Start();
        new Thread(() => Carry(toController, fromSwitch, tap.FromController)) { IsBackground = true, Name = "controller to switch" }.Start();
    }

    private static Socket? Connect(IPEndPoint upstream)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(upstream);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static void Carry(Socket from, Socket to, MessageHandler look)
    {
        OpenFlowStream stream = new(from);
        while (stream.Receive())
        {
            while (stream.TryNext(out ReadOnlySpan<byte> message))
                look(message);
            if (!UnixSockets.TrySend(to, stream.HandedOut))
                break;
        }
        from.Dispose();
        to.Dispose();
    }

    private delegate void MessageHandler(ReadOnlySpan<byte> message);
}

using System.Net;
using System.Net.Sockets;
using NetServ.OpenFlow;

namespace NetServ.Benchmarks.Channel;

/// <summary>
/// A controller that thinks of nothing: one thread over all connections, read big, answer, write once. What it reaches is what a generator of
/// load can show at the most, and what it counts is known in advance.
/// </summary>
internal sealed class TrivialController : IDisposable
{
    private const int ReadSize = 128 * 1024;
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(50);

    private readonly TrivialManners _manners;
    private readonly Socket _listener;
    private readonly Thread _thread;
    private readonly Dictionary<Socket, TrivialConnection> _connections = [];
    private readonly byte[] _buffer = new byte[ReadSize + Framing.MaxLength];
    private volatile bool _stopping;

    /// <summary>Listens and serves on a thread of its own.</summary>
    public TrivialController(TrivialManners manners, int port = 0)
    {
        _manners = manners;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(1024);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Kinds of messages that the latest switch to leave has sent.</summary>
    public IReadOnlySet<MessageKind> Heard { get; private set; } = new HashSet<MessageKind>();

    /// <summary>Waits until it has ended; it does when disposed of.</summary>
    public void Wait() => _thread.Join();

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        foreach (TrivialConnection connection in _connections.Values)
            connection.Dispose();
        _listener.Dispose();
    }

    private void Run()
    {
        List<Socket> readable = [], writable = [];
        while (!_stopping)
        {
            readable.Clear();
            writable.Clear();
            readable.Add(_listener);
            foreach (TrivialConnection connection in _connections.Values)
            {
                if (connection.MayRead)
                    readable.Add(connection.Socket);
                if (connection.HasPending)
                    writable.Add(connection.Socket);
            }
            Socket.Select(readable, writable, null, s_glance);
            Serve(readable, writable);
        }
    }

    private void Serve(List<Socket> readable, List<Socket> writable)
    {
        foreach (Socket socket in readable)
        {
            if (socket == _listener)
                Accept();
            else if (_connections[socket] is { } connection && !(connection.Read(_buffer, ReadSize) && connection.Flush()))
                End(connection);
        }
        foreach (Socket socket in writable)
        {
            if (_connections.TryGetValue(socket, out TrivialConnection? connection) && !connection.Flush())
                End(connection);
        }
    }

    private void Accept()
    {
        while (_listener.Poll(0, SelectMode.SelectRead))
        {
            Socket socket = _listener.Accept();
            socket.Blocking = false;
            socket.NoDelay = true;
            _connections.Add(socket, new TrivialConnection(socket, _manners));
        }
    }

    private void End(TrivialConnection connection)
    {
        Heard = connection.Heard;
        _connections.Remove(connection.Socket);
        connection.Dispose();
    }
}

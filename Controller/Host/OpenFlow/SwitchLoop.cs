using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;

namespace NetServ.Controller.OpenFlow;

/// <summary>
/// One thread that owns the OpenFlow listeners and all connections: it waits until something is readable, reads big, handles all that was read,
/// writes once per connection and turn. Nothing else touches a session; whatever is to be done with one comes as an item through
/// <see cref="Post"/>.
/// </summary>
public sealed class SwitchLoop : IDisposable
{
    private const int ReadSize = 256 * 1024;
    private const int ReadSizeWhenContended = 64 * 1024;
    private const int TickEvery = 500;

    private readonly Socket[] _listeners;
    private readonly SwitchSessionOptions _options;
    private readonly ISwitchEvents _events;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly Thread _thread;
    private readonly ConcurrentQueue<Action<SwitchLoop>> _items = new();
    private readonly WakeSocket _wake = new();
    private readonly Dictionary<Socket, SwitchConnection> _bySocket = [];
    private readonly Dictionary<long, SwitchConnection> _byId = [];
    private readonly List<Socket> _readable = [];
    private readonly List<Socket> _writable = [];
    private readonly List<SwitchConnection> _ended = [];
    private readonly byte[] _buffer = new byte[ReadSize];
    private Snapshot _snapshot = Snapshot.Empty;
    private long _nextId;
    private long _nextTick;
    private volatile bool _stopping;

    /// <summary>Listens; nothing is accepted before <see cref="Start"/>.</summary>
    /// <exception cref="SocketException">An endpoint cannot be listened on.</exception>
    public SwitchLoop(IEnumerable<IPEndPoint> endpoints, SwitchSessionOptions options, ISwitchEvents events, TimeProvider clock)
    {
        _options = options;
        _events = events;
        _clock = clock;
        _start = clock.GetTimestamp();
        _listeners = [.. endpoints.Select(Listen)];
        _thread = new Thread(Run) { Name = "switches", IsBackground = true };
    }

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => [.. _listeners.Select(l => (IPEndPoint)l.LocalEndPoint!)];

    /// <summary>Live connections, for <see cref="Post"/>ed items only.</summary>
    public IReadOnlyDictionary<long, SwitchConnection> Connections => _byId;

    /// <summary>The directory of the sessions here, for <see cref="Post"/>ed items only.</summary>
    public HostDirectory Hosts { get; } = new();

    /// <summary>Milliseconds since this loop was made.</summary>
    public long Now => (long)_clock.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>Begins to accept.</summary>
    public void Start() => _thread.Start();

    /// <summary>Has the loop's thread do something between two turns, in the order of the calls.</summary>
    public void Post(Action<SwitchLoop> item)
    {
        _items.Enqueue(item);
        _wake.Wake();
    }

    /// <summary>Gives every session a snapshot; one that connects later begins with it.</summary>
    public void Publish(Snapshot snapshot, long? token) => Post(loop =>
    {
        loop._snapshot = snapshot;
        foreach (SwitchConnection connection in loop._byId.Values)
            connection.Session.Apply(snapshot, token, loop.Now);
    });

    /// <summary>Takes hosts into the directory and has the sessions change the rules of these.</summary>
    public void PublishHosts(ImmutableArray<HostPlace> hosts) => Post(loop =>
    {
        foreach (HostPlace host in hosts)
            loop.Hosts.Take(host);
        foreach (SwitchConnection connection in loop._byId.Values)
            connection.Session.Mend(hosts.AsSpan(), loop.Now);
    });

    /// <summary>Sends a frame out of a switch's port.</summary>
    public void SendFrame(long sessionId, ushort port, ReadOnlyMemory<byte> frame) => Post(loop =>
    {
        if (loop._byId.TryGetValue(sessionId, out SwitchConnection? connection))
            connection.Session.SendFrame(port, frame.Span);
    });

    /// <summary>Ends a connection.</summary>
    public void Close(long sessionId, string reason) => Post(loop =>
    {
        if (loop._byId.TryGetValue(sessionId, out SwitchConnection? connection))
            loop.End(connection, reason);
    });

    /// <summary>Reads the sessions' state between two turns.</summary>
    public Task<T> InspectAsync<T>(Func<SwitchLoop, T> look)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(loop => done.SetResult(look(loop)));
        return done.Task;
    }

    /// <summary>Stops the thread and closes everything.</summary>
    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        _wake.Wake();
        if (_thread.IsAlive)
            _thread.Join();
        foreach (Socket socket in _bySocket.Keys.Concat(_listeners))
            socket.Dispose();
        _wake.Dispose();
    }

    private static Socket Listen(IPEndPoint endpoint)
    {
        Socket socket = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            socket.Bind(endpoint);
            socket.Listen(512);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Run()
    {
        while (!_stopping)
        {
            Wait();
            RunItems();
            AcceptAndRead();
            Tick();
            Flush();
        }
    }

    private void Wait()
    {
        _readable.Clear();
        _writable.Clear();
        _readable.Add(_wake.Socket);
        _readable.AddRange(_listeners);
        foreach (SwitchConnection connection in _byId.Values)
        {
            _readable.Add(connection.Socket);
            if (connection.Session.Output.Length > 0)
                _writable.Add(connection.Socket);
        }
        int wait = (int)Math.Clamp(_nextTick - Now, 0, TickEvery);
        Socket.Select(_readable, _writable.Count > 0 ? _writable : null, null, TimeSpan.FromMilliseconds(wait));
    }

    private void RunItems()
    {
        _wake.Clear();
        while (_items.TryDequeue(out Action<SwitchLoop>? item))
            item(this);
    }

    // A read counts bytes before messages: when several are ready, each gets a share and then the next has its turn.
    private void AcceptAndRead()
    {
        int share = _readable.Count > 2 ? ReadSizeWhenContended : ReadSize;
        foreach (Socket socket in _readable)
        {
            if (_bySocket.TryGetValue(socket, out SwitchConnection? connection))
                Read(connection, share);
            else if (_listeners.Contains(socket))
                Accept(socket);
            // Else it is the wake socket, or one that an item has just ended.
        }
    }

    private void Accept(Socket listener)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = listener.Accept();
            }
            catch (SocketException)
            {
                return;
            }
            socket.Blocking = false;
            socket.NoDelay = true;
            string peer = socket.RemoteEndPoint?.ToString() ?? "?";
            SwitchConnection connection = new(++_nextId, socket, peer, new SwitchSession(_options, _snapshot, peer, Now, Hosts));
            _bySocket.Add(socket, connection);
            _byId.Add(connection.Id, connection);
        }
    }

    private void Read(SwitchConnection connection, int share)
    {
        int count = connection.Socket.Receive(_buffer.AsSpan(0, share), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
            return;
        if (error != SocketError.Success)
            End(connection, $"{connection.Peer}: {error}");
        else if (count == 0)
            End(connection, $"{connection.Peer} closed the connection");
        else
            connection.Session.Receive(_buffer.AsSpan(0, count), Now);
    }

    private void Tick()
    {
        if (Now < _nextTick)
            return;
        _nextTick = Now + TickEvery;
        foreach (SwitchConnection connection in _byId.Values)
            connection.Session.Tick(Now);
    }

    private void Flush()
    {
        _ended.Clear();
        foreach (SwitchConnection connection in _byId.Values)
        {
            Tell(connection);
            Send(connection);
            if (connection.Session.CloseReason is not null)
                _ended.Add(connection);
        }
        foreach (SwitchConnection connection in _ended)
            End(connection, connection.Session.CloseReason!);
    }

    private void Tell(SwitchConnection connection)
    {
        List<SessionEvent> events = connection.Session.Events;
        foreach (SessionEvent said in events)
            _events.Said(connection, said);
        events.Clear();
    }

    private void Send(SwitchConnection connection)
    {
        OutputBuffer output = connection.Session.Output;
        if (output.Length == 0)
            return;
        int sent = connection.Socket.Send(output.Pending.Span, SocketFlags.None, out SocketError error);
        if (error == SocketError.Success)
            output.Sent(sent);
        else if (error != SocketError.WouldBlock)
            End(connection, $"{connection.Peer}: {error}");
    }

    private void End(SwitchConnection connection, string reason)
    {
        if (!_byId.Remove(connection.Id))
            return;
        _bySocket.Remove(connection.Socket);
        connection.Socket.Dispose();
        _events.Ended(connection, reason);
    }
}

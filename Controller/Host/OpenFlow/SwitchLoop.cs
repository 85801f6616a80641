using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using NetServ.Controller.Configuration;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Switches;
using NetServ.Controller.OpenFlow.Polling;
using NetServ.Controller.OpenFlow.Tls;
using NetServ.Packets;

namespace NetServ.Controller.OpenFlow;

/// <summary>
/// One thread that owns the OpenFlow listeners and all connections: it waits until something is ready, reads big, handles all that was read,
/// writes once per connection and turn. A turn costs what is ready, not what is connected. Nothing else touches a session; whatever is to be done
/// with one comes as an item through <see cref="Post"/>.
/// </summary>
public sealed partial class SwitchLoop : IDisposable
{
    private const long WakeToken = 0;

    private readonly SwitchSessionOptions _options;
    private readonly ChannelOptions _channel;
    private readonly ISwitchEvents _events;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly Thread _thread;
    private readonly IPoller _poller;
    private readonly SwitchListeners _listeners;
    private readonly TlsFront? _tls;
    private readonly DatapathClaims _claims;
    private readonly ConcurrentQueue<Action<SwitchLoop>> _items = new();
    private readonly WakeSocket _wake = new();
    private readonly Dictionary<long, SwitchConnection> _byId = [];
    private readonly LinkedList<SwitchConnection> _unfinished = [];
    private readonly TickWheel _wheel = new();
    private readonly List<SwitchConnection> _touched = [];
    private readonly ReadTurn _turn = new();
    // Twice what one reads: the answers to it, and rules with them.
    private readonly TurnMemory _written = new(2 * ReadTurn.Whole);
    private readonly Action<Socket, bool> _arrive;
    private readonly Func<long, bool> _isSilent;
    private Snapshot _snapshot = Snapshot.Empty;
    private long _nextId;
    private volatile bool _stopping;

    /// <summary>Listens; nothing is accepted before <see cref="Start"/>.</summary>
    /// <exception cref="EndpointException">An endpoint cannot be listened on.</exception>
    public SwitchLoop(IEnumerable<OpenFlowEndpoint> endpoints, ChannelOptions channel, SwitchSessionOptions options, ISwitchEvents events, TimeProvider clock)
        : this(endpoints, channel, options, events, clock, Poller.Create())
    {
    }

    internal SwitchLoop(
        IEnumerable<OpenFlowEndpoint> endpoints, ChannelOptions channel, SwitchSessionOptions options, ISwitchEvents events, TimeProvider clock, IPoller poller)
    {
        (_options, _channel, _events, _clock, _poller) = (options, channel, events, clock, poller);
        Pins = options.NewPins();
        _start = clock.GetTimestamp();
        _listeners = new SwitchListeners(endpoints);
        Hosts = new HostDirectory(options.MaxHosts);
        _claims = new DatapathClaims(channel.Pins, channel.EchoWithin);
        _tls = channel.Tls is null ? null : new TlsFront(channel, this, events);
        _arrive = Arrive;
        _isSilent = session => _byId.TryGetValue(session, out SwitchConnection? connection) && connection.Session.IsUnanswered;
        _thread = new Thread(Run) { Name = "switches", IsBackground = true };
    }

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<OpenFlowEndpoint> Endpoints => _listeners.Endpoints;

    /// <summary>What decides now, for <see cref="Post"/>ed items only.</summary>
    public Snapshot Snapshot => _snapshot;

    /// <summary>Live connections, for <see cref="Post"/>ed items only.</summary>
    public IReadOnlyDictionary<long, SwitchConnection> Connections => _byId;

    /// <summary>The directory of the sessions here, for <see cref="Post"/>ed items only.</summary>
    public HostDirectory Hosts { get; }

    /// <summary>The flows of its switches on their nodes.</summary>
    public FlowPins Pins { get; }

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
            loop.Do(connection, s => s.Apply(snapshot, token, loop.Now));
    });

    /// <summary>Takes hosts into the directory and has the sessions change the rules of these.</summary>
    /// <param name="hosts">Those that count.</param>
    /// <param name="heard">News of sessions here that this answers.</param>
    public void PublishHosts(ImmutableArray<HostPlace> hosts, int heard) => Post(loop => loop.Take(hosts.AsSpan(), heard));

    /// <summary>Sends a frame out of a switch's port.</summary>
    public void SendFrame(long sessionId, ushort port, ReadOnlyMemory<byte> frame) => Post(loop => loop.With(sessionId, s => s.SendFrame(port, frame.Span)));

    /// <summary>Has flows leave the detour, or come back to it, where they enter.</summary>
    public void PublishReleases(uint nodeId, ImmutableArray<FiveTuple> flows, bool released) => Post(loop => loop.Release(loop.Pins.Mark(nodeId, flows.AsSpan(), released), released));

    /// <summary>Has flows come back to the detour that modules have seen enough of; tells how many.</summary>
    public Task<int> RecallAsync(Predicate<FiveTuple> isMeant) => InspectAsync(loop =>
    {
        Dictionary<ulong, HashSet<FlowId>> recalled = loop.Pins.Recall(isMeant);
        loop.Release(recalled, released: false);
        return recalled.Values.Sum(f => f.Count);
    });

    /// <summary>Asks a switch for the counters of a port.</summary>
    public void AskPort(long sessionId, ushort port) => Post(loop => loop.With(sessionId, s => s.AskPort(port)));

    /// <summary>Does something with a session and sends what it writes; for <see cref="Post"/>ed items only.</summary>
    public void Do(SwitchConnection connection, Action<SwitchSession> action)
    {
        action(connection.Session);
        Touch(connection);
    }

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
        Post(loop =>
        {
            try
            {
                done.SetResult(look(loop));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                done.SetException(e);
            }
        });
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
        _tls?.Dispose();
        foreach (SwitchConnection connection in _byId.Values)
            connection.Close(Now);
        _listeners.Dispose();
        _wake.Dispose();
        _poller.Dispose();
    }

    /// <summary>Takes a connection that somebody else has accepted; from any thread.</summary>
    /// <param name="socket">The loop's from now on.</param>
    /// <param name="peer">Address of the switch, for people.</param>
    /// <param name="identity">Who it is.</param>
    /// <param name="onEnd">Called when the connection is over.</param>
    internal void Adopt(Socket socket, string peer, PeerIdentity identity, Action onEnd) => Post(loop => loop.Add(socket, peer, identity, onEnd));

    private void Release(Dictionary<ulong, HashSet<FlowId>> bySwitch, bool released)
    {
        foreach (SwitchConnection connection in _byId.Values)
        {
            if (bySwitch.TryGetValue(connection.Session.Dpid, out HashSet<FlowId>? of))
                Do(connection, s => s.Release(of, released, Now));
        }
    }

    private void With(long sessionId, Action<SwitchSession> action)
    {
        if (_byId.TryGetValue(sessionId, out SwitchConnection? connection))
            Do(connection, action);
    }

    private void Arrive(Socket socket, bool isTls)
    {
        socket.NoDelay = true;
        if (socket.RemoteEndPoint is not IPEndPoint remote)
            socket.Dispose();
        else if (isTls)
            _tls!.Take(socket, remote);
        else
            Add(socket, Describe(remote), new PeerIdentity(Plain(remote.Address).ToString()), null);
    }

    private void Add(Socket socket, string peer, PeerIdentity identity, Action? onEnd)
    {
        socket.Blocking = false;
        long id = ++_nextId;
        ClaimOutcome Claim(ulong dpid, out string? reason) => _claims.Claim(dpid, id, identity, Now, out reason);
        SwitchSession session = new(_options, _snapshot, peer, Now, Hosts, Pins, Claim, _written);
        SwitchConnection connection = new(id, socket, peer, session, _poller, onEnd);
        _byId.Add(id, connection);
        _wheel.Add(connection);
        connection.Unfinished = _unfinished.AddLast(connection);
        Touch(connection);
        if (_unfinished.Count > _channel.MaxUnfinished)
            End(_unfinished.First!.Value, $"{_unfinished.First.Value.Peer}: more than {_channel.MaxUnfinished} connections have not said which switch they are, and this is the oldest; it is ended");
    }

    private void End(SwitchConnection connection, string reason)
    {
        if (!_byId.Remove(connection.Id))
            return;
        _wheel.Remove(connection);
        Finish(connection);
        connection.Close(Now);
        _events.Ended(connection, reason);
        _claims.Ended(connection.Id);
    }

    private void Finish(SwitchConnection connection)
    {
        if (connection.Unfinished is null)
            return;
        _unfinished.Remove(connection.Unfinished);
        connection.Unfinished = null;
    }

    /// <summary>An IPv4 address as such, also where it came in by an IPv6 socket.</summary>
    internal static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>A peer for people.</summary>
    internal static string Describe(IPEndPoint remote) => new IPEndPoint(Plain(remote.Address), remote.Port).ToString();
}

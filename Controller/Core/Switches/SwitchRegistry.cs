using System.Collections.Immutable;
using NetServ.Controller.Core.Sessions;

namespace NetServ.Controller.Core.Switches;

/// <summary>A switch at work.</summary>
/// <param name="SessionId">Its connection.</param>
/// <param name="Dpid">Its id.</param>
/// <param name="Peer">Its address.</param>
/// <param name="Ports">Its ports.</param>
/// <param name="Buffers">Frames it can keep.</param>
public sealed record ConnectedSwitch(long SessionId, ulong Dpid, string Peer, ImmutableArray<SwitchPort> Ports, uint Buffers);

/// <summary>The switches at work, and the barriers that are waited for.</summary>
public sealed class SwitchRegistry(CoreContext context, CoreOptions options)
{
    private readonly Dictionary<long, ConnectedSwitch> _bySession = [];
    private readonly Dictionary<ulong, long> _byDpid = [];
    private readonly Dictionary<long, (HashSet<long> Sessions, long Deadline)> _barriers = [];

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<ConnectedSwitch> All => _bySession.Values;

    /// <summary>The switch with an id.</summary>
    public ConnectedSwitch? Find(ulong dpid) => _byDpid.TryGetValue(dpid, out long session) ? _bySession[session] : null;

    /// <summary>The switch of a connection.</summary>
    public ConnectedSwitch? OfSession(long sessionId) => _bySession.GetValueOrDefault(sessionId);

    internal void Add(long sessionId, string peer, SessionEvent.Ready ready)
    {
        // Which of a switch's connections is its one is decided where they are; what is here already is then the older one.
        if (Find(ready.Dpid) is { } older)
        {
            Remove(older.SessionId, "it connected anew");
            context.Do(new CoreEffect.CloseSwitch(older.SessionId, $"switch {ready.Dpid:x16} connected anew from {peer}"));
        }
        _bySession[sessionId] = new ConnectedSwitch(sessionId, ready.Dpid, peer, ready.Ports, ready.Buffers);
        _byDpid[ready.Dpid] = sessionId;
        context.Report("switch-up", $"switch {ready.Dpid:x16} connected from {peer} with {ready.Ports.Length} ports", ("dpid", ready.Dpid), ("peer", peer));
    }

    internal void SetPorts(long sessionId, ImmutableArray<SwitchPort> ports)
    {
        if (_bySession.TryGetValue(sessionId, out ConnectedSwitch? found))
            _bySession[sessionId] = found with { Ports = ports };
    }

    internal void Remove(long sessionId, string reason)
    {
        if (!_bySession.Remove(sessionId, out ConnectedSwitch? gone))
            return;
        _byDpid.Remove(gone.Dpid);
        context.Report("switch-down", $"switch {gone.Dpid:x16} is gone: {reason}", ("dpid", gone.Dpid), ("reason", reason));
        foreach ((HashSet<long> sessions, long _) in _barriers.Values)
            sessions.Remove(sessionId);
    }

    /// <summary>Begins to wait for a barrier on every switch.</summary>
    internal void Await(long token) => _barriers[token] = ([.. _bySession.Keys], context.Now + options.BarrierWait);

    internal void Passed(long sessionId, long token)
    {
        if (_barriers.TryGetValue(token, out (HashSet<long> Sessions, long Deadline) wait))
            wait.Sessions.Remove(sessionId);
    }

    /// <summary>Takes the tokens for which nothing is waited for any more.</summary>
    internal List<long> TakeDone()
    {
        List<long> done = [.. _barriers.Where(b => b.Value.Sessions.Count == 0 || b.Value.Deadline <= context.Now).Select(b => b.Key)];
        foreach (long token in done)
            _barriers.Remove(token);
        return done;
    }
}

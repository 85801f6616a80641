using System.Collections.Immutable;
using System.Security.Cryptography;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Store;
using NetServ.Packets;

namespace NetServ.Controller.Core.Nodes;

/// <summary>Which nodes are there, and at which switch ports.</summary>
public sealed class NodePool
{
    private const int MissedHeartbeats = 3;
    private const int AlarmEvery = 10000;

    private readonly CoreContext _context;
    private readonly CoreOptions _options;
    private readonly PooledNode[] _nodes;
    private long _alarmedAt = long.MinValue / 2;

    /// <summary>The pool of the configured nodes, none of them there.</summary>
    public NodePool(CoreContext context, CoreOptions options)
    {
        _context = context;
        _options = options;
        _nodes = [.. options.Nodes.Select((n, i) => new PooledNode((uint)i + 1, n))];
    }

    /// <summary>All configured nodes.</summary>
    public IReadOnlyList<PooledNode> All => _nodes;

    /// <summary>Attachment frames that were not accepted.</summary>
    public long RefusedAttachments { get; private set; }

    /// <summary>Those that take modules.</summary>
    public IEnumerable<PooledNode> Attached => _nodes.Where(n => n.Status == NodeStatus.Attached);

    /// <summary>Those of them that can be told something now: with a stream; all where none has one, since each may come back.</summary>
    internal IReadOnlyList<PooledNode> Reachable()
    {
        PooledNode[] reachable = [.. Attached.Where(n => n.StreamId != 0)];
        return reachable.Length > 0 ? reachable : [.. Attached];
    }

    /// <summary>A node by id.</summary>
    public PooledNode? Find(uint id) => id >= 1 && id <= _nodes.Length ? _nodes[id - 1] : null;

    internal void TakeFlows(ImmutableArray<(uint NodeId, int Flows)> counted)
    {
        foreach ((uint id, int flows) in counted)
        {
            if (Find(id) is { } node)
                (node.Flows, node.FlowsAt) = (flows, _context.Now);
        }
    }

    /// <summary>A node by name.</summary>
    public PooledNode? Find(string name) => _nodes.FirstOrDefault(n => n.Name == name);

    internal PooledNode? OfStream(long streamId) => _nodes.FirstOrDefault(n => n.StreamId == streamId && streamId != 0);

    internal NodeEntry? EntryOf(PooledNode node, bool inUse)
    {
        if (node.Place is not { } place)
            return null;
        return new NodeEntry(node.Id, node.Name, place.Dpid, place.Port, node.Capacity, node.Addresses, node.Status == NodeStatus.Attached && node.IsPortUp && node.Drain < DrainState.Moving, inUse)
        {
            TakesNew = node.Drain == DrainState.None,
            Weight = (uint)Math.Min(uint.MaxValue, (ulong)node.Capacity * node.WeightTenths),
        };
    }

    internal PooledNode? Connect(CoreInput.NodeConnected input)
    {
        PooledNode? node = Find(input.Greeting.Name);
        if (node is null)
        {
            _context.Do(new CoreEffect.TellNode(input.StreamId, new NodeCommand.Refused("unknown-node", $"no node '{input.Greeting.Name}' is configured; add it to 'nodes'")));
            _context.Do(new CoreEffect.EndNode(input.StreamId));
            return null;
        }
        bool isReplaced = node.StreamId != 0;
        if (isReplaced)
        {
            Tell(node, new NodeCommand.Refused("replaced", $"another stream of node '{node.Name}' was opened; if that is another machine, give it a name and token of its own"));
            _context.Do(new CoreEffect.EndNode(node.StreamId));
        }
        node.StreamId = input.StreamId;
        node.Epoch++;
        SetPlace(node, isReplaced);
        node.Capacity = Math.Max(1, input.Greeting.Capacity);
        node.Addresses = input.Greeting.Addresses;
        node.Key = input.Key;
        node.Challenge = [];
        node.EndsAt = long.MaxValue;
        node.HeardAt = _context.Now;
        Tell(node, new NodeCommand.Welcome(node.Id, node.Epoch, node.Key, _options.Heartbeat));
        _context.Changed = true;
        _context.Report("node-connected", $"node {node.Name} connected", ("node", node.Name), ("epoch", node.Epoch));
        if (node.Configured.Dpid is { } dpid)
            Attach(node, (dpid, node.Configured.Port));
        else
            GiveNonce(node, input.Nonce);
        return node;
    }

    // A place from the store, or of a stream that is not known yet to be broken, is believed while the node shows it anew: its flows must not notice. One whose
    // stream is opened again and again gets no more time for that.
    private void SetPlace(PooledNode node, bool isReplaced)
    {
        bool isShowing = node.GraceEnds != long.MaxValue;
        if (node.Status != NodeStatus.Attached || !(isShowing || isReplaced))
        {
            (node.Status, node.GraceEnds) = (NodeStatus.Connected, long.MaxValue);
            return;
        }
        if (!isShowing || !isReplaced)
            node.GraceEnds = _context.Now + _options.RestoreGrace;
        if (!isReplaced)
            return;
        node.FramesSeen = 0;
        node.Probes.Begin(_context.Now);
    }

    internal void GiveNonce(PooledNode node, ImmutableArray<byte> nonce)
    {
        node.Nonce = nonce;
        node.NonceEnds = _context.Now + _options.NonceValid;
        Tell(node, new NodeCommand.Nonce(nonce, _options.NonceValid));
    }

    /// <summary>A frame with our EtherType came in at a port; it changes nothing unless the node that it names wrote it, for the first time, now.</summary>
    internal void TakeAttachment(long sessionId, SessionEvent.AttachmentSeen seen, ImmutableArray<byte> challenge)
    {
        if (FaultOf(seen, out PooledNode? node) is { } fault)
        {
            RefuseAttachment(seen, fault);
            return;
        }
        node!.Nonce = [];
        node.Challenge = challenge;
        node.ChallengeEnds = _context.Now + _options.NonceValid;
        node.ChallengedAt = (seen.Dpid, seen.Port);
        byte[] frame = new byte[AttachmentFrame.Size];
        AttachmentFrame.Write(frame, AttachmentKind.Challenge, FrameSource, node.Id, node.Epoch, challenge.AsSpan(), node.Key.AsSpan());
        _context.Do(new CoreEffect.SendFrame(sessionId, seen.Port, [.. frame]));
    }

    /// <summary>A node answers a challenge; returns whether it is attached by that.</summary>
    internal bool TakeAnswer(PooledNode node, ImmutableArray<byte> answer)
    {
        if (node.Challenge.IsEmpty || node.ChallengeEnds < _context.Now || !CryptographicOperations.FixedTimeEquals(node.Challenge.AsSpan(), answer.AsSpan()))
            return false;
        node.Challenge = [];
        Attach(node, node.ChallengedAt);
        return true;
    }

    internal void Leave(PooledNode node)
    {
        node.Status = NodeStatus.Leaving;
        node.LeaveToken = _context.PublishWithBarrier();
        _context.Report("node-leaving", $"node {node.Name} announces its end; its flows move", ("node", node.Name));
    }

    /// <summary>A node's stream ended, but its packets still move: it may come back.</summary>
    internal void Await(PooledNode node, string reason)
    {
        node.StreamId = 0;
        node.GraceEnds = _context.Now + _options.RestoreGrace;
        _context.Report("node-unheard", $"node {node.Name} is not heard any more ({reason}); its packets are watched", ("node", node.Name), ("reason", reason));
    }

    internal void Lose(PooledNode node, string reason)
    {
        node.StreamId = 0;
        node.Status = NodeStatus.Lost;
        node.EndsAt = long.MaxValue;
        node.LeaveToken = 0;
        node.Nonce = node.Challenge = [];
        node.GraceEnds = long.MaxValue;
        _context.Changed = true;
        Keep(node);
        _context.Report("node-gone", $"node {node.Name} is gone: {reason}", ("node", node.Name), ("reason", reason));
    }

    /// <summary>Takes the places of an earlier life: each counts as there for <see cref="CoreOptions.RestoreGrace"/>.</summary>
    internal void Restore(IEnumerable<StoreRecord> records)
    {
        foreach (StoreRecord kept in records.Where(r => Records.IsNode(r.Key)))
        {
            PooledNode? node = Records.TryRead(kept.Value, out NodeRecord? record) ? Find(record.Name) : null;
            if (node is null)
            {
                _context.Keep(kept.Key, null);
                continue;
            }
            node.Place = node.Configured.Dpid is { } dpid ? (dpid, node.Configured.Port) : (record!.Dpid, record.Port);
            node.Capacity = Math.Max(1, record!.Capacity);
            node.Addresses = [.. record.Addresses.Select(a => MacAddress.TryParse(a, out MacAddress address) ? address : default)];
            node.Status = NodeStatus.Attached;
            node.HeardAt = _context.Now;
            node.GraceEnds = _context.Now + _options.RestoreGrace;
            _context.Changed = true;
        }
    }

    /// <summary>Nodes of before that have not come back in time.</summary>
    internal IEnumerable<PooledNode> Unconfirmed() => _nodes.Where(n => n.StreamId == 0 && n.Status == NodeStatus.Attached && n.GraceEnds <= _context.Now);

    /// <summary>Nodes that came back but did not show their place in time are at no place.</summary>
    internal void EndUnshown()
    {
        foreach (PooledNode node in _nodes.Where(n => n.StreamId != 0 && n.Status == NodeStatus.Attached && n.GraceEnds <= _context.Now))
            Detach(node, $"node {node.Name} has not shown its port in time");
    }

    /// <summary>Nodes that were not heard for too long.</summary>
    internal IEnumerable<PooledNode> Silent() =>
        _nodes.Where(n => n.StreamId != 0 && _context.Now - n.HeardAt > (MissedHeartbeats + 1L) * _options.Heartbeat);

    /// <summary>The flows of a leaving node have moved; what is under way gets its time, then the node may stop.</summary>
    internal void BarrierPassed(long token)
    {
        foreach (PooledNode node in _nodes.Where(n => n.Status == NodeStatus.Leaving && n.LeaveToken == token))
            node.EndsAt = _context.Now + _options.Hold;
    }

    /// <summary>Ends the streams of nodes that may stop now.</summary>
    internal void EndLeaving()
    {
        foreach (PooledNode node in _nodes.Where(n => n.Status == NodeStatus.Leaving && n.EndsAt <= _context.Now))
        {
            _context.Do(new CoreEffect.EndNode(node.StreamId));
            Lose(node, "it left");
        }
    }

    /// <summary>
    /// The ports of a switch as they are now: a node whose link is down is no longer known to hang there, and whoever hangs there when the link
    /// comes back has to show himself. With <paramref name="again"/> (the switch connected anew, its ports may have other numbers) every node shows
    /// itself again.
    /// </summary>
    internal void TakePorts(ulong dpid, ImmutableArray<SwitchPort> ports, bool again, ImmutableArray<byte> random)
    {
        foreach (PooledNode node in _nodes.Where(n => n.Configured.Dpid == dpid))
            SetPort(node, ports.Any(p => p.Number == node.Configured.Port && p.Up));
        foreach (PooledNode node in _nodes.Where(n => n.Configured.Dpid is null))
        {
            bool here = node.Place?.Dpid == dpid;
            bool up = here && ports.Any(p => p.Number == node.Place!.Value.Port && p.Up);
            if (here && !up)
                Detach(node, $"the link of node {node.Name} is down");
            bool searching = node.Status == NodeStatus.Connected && node.Place is null;
            if (node.StreamId != 0 && node.Status != NodeStatus.Leaving && (searching || (here && again)))
                GiveNonce(node, NonceFrom(random, node.Id));
            if (here && again && node.GraceEnds != long.MaxValue)
                node.GraceEnds = _context.Now + _options.RestoreGrace;
        }
    }

    internal void Tell(PooledNode node, NodeCommand command)
    {
        if (node.StreamId != 0)
            _context.Do(new CoreEffect.TellNode(node.StreamId, command));
    }

    // A place that is set stays; while its link is down, flows go elsewhere.
    private void SetPort(PooledNode node, bool up)
    {
        if (node.IsPortUp == up)
            return;
        node.IsPortUp = up;
        _context.Changed = true;
        _context.Report(up ? "node-up" : "node-down", $"the link of node {node.Name} is {(up ? "up" : "down")}", ("node", node.Name));
    }

    /// <summary>Ethernet source of the frames that the controller sends to nodes.</summary>
    internal static MacAddress FrameSource => new(0x024e_534f_4600);

    private void Detach(PooledNode node, string reason)
    {
        node.Place = null;
        node.GraceEnds = long.MaxValue;
        _context.Changed = true;
        Keep(node);
        _context.Report("node-detached", reason, ("node", node.Name));
        if (node.Status == NodeStatus.Attached)
            node.Status = NodeStatus.Connected;
        else if (node.Status == NodeStatus.Lost)
            node.Status = NodeStatus.Absent;
    }

    // One draw of random bytes serves all nodes: each gets its own part of what a hash makes of it.
    private static ImmutableArray<byte> NonceFrom(ImmutableArray<byte> random, uint nodeId)
    {
        byte[] seed = [.. random, .. BitConverter.GetBytes(nodeId)];
        return [.. SHA256.HashData(seed).AsSpan(0, AttachmentFrame.NonceSize)];
    }

    private void Attach(PooledNode node, (ulong Dpid, ushort Port) place)
    {
        // Whoever was there before, and did not see its link go down, is not there any more.
        foreach (PooledNode gone in _nodes.Where(n => n != node && n.Status == NodeStatus.Lost && n.Place == place))
            (gone.Place, gone.Status) = (null, NodeStatus.Absent);
        node.Place = place;
        node.Status = NodeStatus.Attached;
        (node.AnswersProbes, node.FramesSeen) = (false, 0);
        node.Probes.Begin(_context.Now);
        node.GraceEnds = long.MaxValue;
        _context.Changed = true;
        Keep(node);
        Tell(node, new NodeCommand.Attached(place.Dpid, place.Port));
        _context.Report("node-attached", $"node {node.Name} hangs on port {place.Port} of switch {place.Dpid:x16}", ("node", node.Name), ("dpid", place.Dpid), ("port", place.Port));
    }

    // Kept while flows go there: a lost node's place is of no use to the next life.
    private void Keep(PooledNode node)
    {
        string? value = node is { Place: { } place, Status: NodeStatus.Attached }
            ? Records.Write(new NodeRecord(node.Name, place.Dpid, place.Port, node.Capacity, [.. node.Addresses.Select(a => a.ToString())]))
            : null;
        _context.Keep(Records.NodeKey(_options.Domain, node.Name), value);
    }

    private string? FaultOf(SessionEvent.AttachmentSeen seen, out PooledNode? node)
    {
        node = null;
        if (!AttachmentFrame.TryRead(seen.Frame.AsSpan(), out AttachmentFrame frame, out string field))
            return $"its {field} is wrong";
        if (frame.Kind != AttachmentKind.Attach)
            return "only the controller sends challenges";
        node = Find(frame.NodeId);
        if (node is null || node.StreamId == 0 || node.Epoch != frame.Epoch)
            return "no such node and epoch is connected";
        if (node.Nonce.IsEmpty || node.NonceEnds < _context.Now || !CryptographicOperations.FixedTimeEquals(node.Nonce.AsSpan(), frame.Nonce))
            return "its nonce was used, is too old, or was never given";
        if (!frame.Verify(node.Key.AsSpan()))
            return "its HMAC is wrong";
        PooledNode? other = _nodes.FirstOrDefault(n => n.Status == NodeStatus.Attached && n.Place == (seen.Dpid, seen.Port));
        return other is null || other == node ? null : $"node {other.Name} is attached there";
    }

    private void RefuseAttachment(SessionEvent.AttachmentSeen seen, string fault)
    {
        RefusedAttachments++;
        if (_context.Now - _alarmedAt < AlarmEvery)
            return;
        _alarmedAt = _context.Now;
        _context.Report("alarm", $"an attachment frame at port {seen.Port} of switch {seen.Dpid:x16} is refused: {fault}; {RefusedAttachments} so far",
            ("dpid", seen.Dpid), ("port", seen.Port), ("refused", RefusedAttachments));
    }
}

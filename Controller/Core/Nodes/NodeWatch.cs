using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Switches;
using NetServ.Packets;

namespace NetServ.Controller.Core.Nodes;

/// <summary>
/// Whether attached nodes still move packets: probes go out of their switch port and come back through their packet pump. Their silence alone ends a node,
/// and only while the switch says that nothing else comes out of that port either; a stream that ends only makes probes come faster. Silence is that of several
/// probes, and longer than replies took lately: neither a controller that stood still nor a machine with too much to do ends all nodes at once.
/// </summary>
public sealed class NodeWatch(CoreContext context, NodePool nodes, SwitchRegistry switches)
{
    /// <summary>Silence after which a node is lost that answers at once, milliseconds.</summary>
    public const int SilentAfter = 800;

    /// <summary>The same for one whose stream has ended.</summary>
    public const int SilentSoonAfter = 150;

    /// <summary>The same for one whose switch does not say what comes out of its port.</summary>
    public const int SilentUnsaidAfter = 2400;

    private const int ProbeEvery = 200;
    private const int SaidRecently = 400;
    private const int ProbeSoonEvery = 20;
    private const int AskAfter = 300;
    private const int FewestUnanswered = 3;

    private readonly byte[] _nonce = new byte[32];
    private readonly byte[] _frame = new byte[AttachmentFrame.Size];

    /// <summary>Sends the probes that are due.</summary>
    internal void Tick()
    {
        foreach (PooledNode node in nodes.Attached)
        {
            if (node.Place is not { } place || switches.Find(place.Dpid) is not { } at)
            {
                // Nobody to ask: that says nothing about the node.
                node.Probes.NoteSign(context.Now);
                continue;
            }
            bool hurried = IsHurried(node);
            if (context.Now - node.Probes.SentAt < (hurried ? ProbeSoonEvery : ProbeEvery) || node.Key.IsEmpty)
                continue;
            Probe(node, at.SessionId, place.Port);
            if (!hurried && node.AnswersProbes && context.Now - node.Probes.SignAt >= AskAfter)
                context.Do(new CoreEffect.AskPort(at.SessionId, place.Port));
        }
    }

    /// <summary>Nodes that are silent.</summary>
    internal IEnumerable<PooledNode> Silent() =>
        nodes.Attached.Where(n => n.AnswersProbes && n.Probes.Unanswered >= FewestUnanswered && context.Now - n.Probes.SignAt >= PatienceWith(n));

    /// <summary>A node's stream ended; whether it is lost is left to the probes if it answers any.</summary>
    internal bool TryHurry(PooledNode node)
    {
        if (!node.AnswersProbes || node.Status != NodeStatus.Attached || node.Place is not { } place || switches.Find(place.Dpid) is not { } at)
            return false;
        node.Probes.NoteSign(context.Now);
        Probe(node, at.SessionId, place.Port);
        return true;
    }

    /// <summary>Takes a frame with our EtherType; false if it is no reply to a probe.</summary>
    internal bool TryTake(SessionEvent.AttachmentSeen seen)
    {
        if (!AttachmentFrame.TryRead(seen.Frame.AsSpan(), out AttachmentFrame frame, out _) || frame.Kind != AttachmentKind.ProbeReply)
            return false;
        if (nodes.Find(frame.NodeId) is { } node && node.Epoch == frame.Epoch && node.Place == (seen.Dpid, seen.Port) && NumberOf(frame, node) is var number and > 0)
        {
            (node.AnswersProbes, node.AnsweredAt) = (true, context.Now);
            node.Probes.NoteReply(number, context.Now);
        }
        return true;
    }

    /// <summary>What came out of a node's port so far.</summary>
    internal void TakeCount(ulong dpid, ushort port, ulong received)
    {
        foreach (PooledNode node in nodes.Attached.Where(n => n.Place == (dpid, port)))
        {
            bool isNext = node.FramesSeen != 0 && context.Now - node.CountedAt < SilentAfter;
            if (isNext && received > node.FramesSeen)
                node.Probes.NoteSign(context.Now);
            else if (isNext)
                node.StillAt = context.Now;
            (node.FramesSeen, node.CountedAt) = (received, context.Now);
        }
    }

    // Probes and replies cross the switch and this very process: while these do not come to say anything, they say nothing of the node.
    private int LongestSilence(PooledNode node)
    {
        if (IsHurried(node))
            return SilentSoonAfter;
        bool isSaid = node.StillAt > node.Probes.SignAt && context.Now - node.StillAt <= SaidRecently;
        return isSaid ? SilentAfter : SilentUnsaidAfter;
    }

    private static bool IsHurried(PooledNode node) => node.StreamId == 0;

    private long PatienceWith(PooledNode node) => LongestSilence(node) + node.Probes.Grace;

    private void Probe(PooledNode node, long session, ushort port)
    {
        node.Probes.NoteProbe(context.Now);
        AttachmentFrame.Write(_frame, AttachmentKind.Probe, NodePool.FrameSource, node.Id, node.Epoch, NonceOf(node, node.Probes.Count), node.Key.AsSpan());
        context.Do(new CoreEffect.SendFrame(session, port, [.. _frame]));
    }

    // 0 for a reply to none that is remembered.
    private uint NumberOf(in AttachmentFrame frame, PooledNode node)
    {
        for (uint number = node.Probes.Count; number > 0 && node.Probes.Count - number < ProbeLog.Remembered; number--)
        {
            if (frame.IsReplyTo(NonceOf(node, number), node.Key.AsSpan()))
                return number;
        }
        return 0;
    }

    // Nobody can tell the next one who does not have the key, and a log of Core's inputs replays to the same.
    private ReadOnlySpan<byte> NonceOf(PooledNode node, uint number)
    {
        Span<byte> counter = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, number);
        HMACSHA256.HashData(node.Key.AsSpan(), counter, _nonce);
        return _nonce.AsSpan(0, AttachmentFrame.NonceSize);
    }
}

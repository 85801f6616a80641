using System.Collections.Concurrent;
using NetServ.Node.DataPath.Classification;
using NetServ.Packets;

namespace NetServ.Node.DataPath.Releases;

/// <summary>
/// Gathers what modules say of flows: that they have seen enough of them, and that they want them back. A flow is told as released when all modules that
/// it meets here have released it; once, and again every other round for as long as its packets come and are released.
/// </summary>
public sealed class FlowReleases
{
    private const int MostRecalls = 1 << 12;
    private readonly ReleaseTable _table = new();
    private readonly NoticeRing _notices = new();
    private readonly ConcurrentQueue<(uint OwnerId, FiveTuple Flow)> _recalls = new();
    private int _round;

    /// <summary>A module calls a flow back. From any thread; what finds too many waiting is lost.</summary>
    public void Recall(uint ownerId, FiveTuple flow)
    {
        if (_recalls.Count < MostRecalls)
            _recalls.Enqueue((ownerId, flow));
    }

    /// <summary>Begins the next round; to be called about once a second, from any one thread.</summary>
    public void NextRound() => Volatile.Write(ref _round, _round + 1);

    /// <summary>What is to be told, in the order in which it was said. From one thread at a time.</summary>
    public List<FlowNotice> Take()
    {
        List<FlowNotice> notices = [];
        while (_notices.TryTake(out NoticeRing.Notice notice))
        {
            if (notice.Action is null)
                notices.Add(new FlowNotice(notice.OwnerId, notice.Flow, IsReleased: false));
            else
                notices.AddRange(notice.Action.OwnerIds.Select(id => new FlowNotice(id, notice.Flow, IsReleased: true)));
        }
        return notices;
    }

    /// <summary>Notes which modules of an action released the flow of a packet. On the pump's thread.</summary>
    internal void Note(in FiveTuple flow, PacketAction action, ulong released) => _table.Note(in flow, action, released, Volatile.Read(ref _round), _notices);

    /// <summary>Takes what modules called back. On the pump's thread.</summary>
    internal void TakeRecalls()
    {
        while (_recalls.TryPeek(out (uint OwnerId, FiveTuple Flow) recall) && _notices.TryAdd(new NoticeRing.Notice(recall.Flow, null, recall.OwnerId)))
        {
            _table.Forget(in recall.Flow);
            _recalls.TryDequeue(out _);
        }
    }
}

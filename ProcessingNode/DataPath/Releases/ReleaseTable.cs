using NetServ.Node.DataPath.Classification;
using NetServ.Packets;

namespace NetServ.Node.DataPath.Releases;

/// <summary>
/// Which modules have released which flow: a table of fixed size, asked only for packets whose flow a module releases. A flow that finds no room takes
/// another one's place, which then has to be released again. For the pump's thread.
/// </summary>
internal sealed class ReleaseTable
{
    /// <summary>A module's word on a flow counts for so many rounds after the last one on that flow.</summary>
    public const int RoundsKept = 30;

    private const int Size = 1 << 12;
    private const int Ways = 4;
    private readonly Entry[] _entries = new Entry[Size];
    private int _victim;

    /// <summary>Notes what modules said.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="action">The modules it meets.</param>
    /// <param name="released">Those that released it, the first one in bit 0.</param>
    /// <param name="round">The present round.</param>
    /// <param name="notices">Told once all have released it, and again if packets of it still come in the round after the next.</param>
    public void Note(in FiveTuple flow, PacketAction action, ulong released, int round, NoticeRing notices)
    {
        ref Entry entry = ref _entries[PlaceOf(in flow)];
        if (entry.Action != action || entry.Flow != flow || round - entry.Round > RoundsKept)
            entry = new Entry { Flow = flow, Action = action, Reported = round - 2 };
        entry.Round = round;
        entry.Released |= released;
        int modules = action.OwnerIds.Count;
        bool complete = modules <= 64 && entry.Released == ulong.MaxValue >> (64 - modules);
        if (complete && round - entry.Reported > 1 && notices.TryAdd(new NoticeRing.Notice(flow, action, 0)))
            entry.Reported = round;
    }

    /// <summary>What was said of the flow is no longer so.</summary>
    public void Forget(in FiveTuple flow)
    {
        ref Entry entry = ref _entries[PlaceOf(in flow)];
        if (entry.Flow == flow)
            entry = default;
    }

    // Where the flow is, else where there is room, else any of the places it may take.
    private int PlaceOf(in FiveTuple flow)
    {
        int first = (int)flow.Hash64(0) & (Size - Ways);
        int place = first + (_victim++ & (Ways - 1));
        for (int i = first; i < first + Ways; i++)
        {
            if (_entries[i].Action is null)
                place = i;
            else if (_entries[i].Flow == flow)
                return i;
        }
        return place;
    }

    private struct Entry
    {
        public FiveTuple Flow;
        public PacketAction? Action;
        public ulong Released;
        public int Round;
        public int Reported;
    }
}

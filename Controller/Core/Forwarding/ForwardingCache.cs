using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>
/// The latest forwarding decisions of a session, by ingress port, VLAN and pair of addresses: while a rule is as it was sent a moment ago, the packets that
/// were under way need its output and nothing else. Two-way sets; it grows with use to <see cref="MostEntries"/> and holds nothing before the first decision.
/// </summary>
public sealed class ForwardingCache
{
    /// <summary>Entries that it has at the most, 32 bytes each.</summary>
    public const int MostEntries = 8192;

    private const int FirstEntries = 64;

    private Entry[] _entries = [];
    private int _kept;
    private int _evicted;

    /// <summary>The output that was decided, if that still holds.</summary>
    /// <param name="key">The packet.</param>
    /// <param name="epoch">Number of changes of the rules so far: a decision of another epoch is void.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="port">The output.</param>
    public bool TryFind(in FlowKey key, uint epoch, long now, out ushort port)
    {
        port = 0;
        if (_entries.Length == 0)
            return false;
        (ulong from, ulong to) = NameOf(key);
        int set = SetOf(from, to);
        ref Entry entry = ref _entries[set];
        if (entry.From != from || entry.To != to)
            entry = ref _entries[set + 1];
        if (entry.From != from || entry.To != to || !entry.Holds(epoch, now))
            return false;
        port = entry.Port;
        return true;
    }

    /// <summary>
    /// Has the processor fetch what <see cref="TryFind"/> will look at. Several in a row are fetched at the same time, while one miss after the other would
    /// cost more than all else that is done for a packet.
    /// </summary>
    /// <returns>Nothing of meaning; to be kept somewhere, or the fetch would be left out.</returns>
    public ulong Fetch(ulong from, ulong to) => _entries.Length == 0 ? 0 : _entries[SetOf(from, to)].From;

    /// <summary>Keeps a decision until a time, or the next epoch.</summary>
    public void Keep(in FlowKey key, uint epoch, long now, long until, ushort port)
    {
        if (_entries.Length == 0)
            _entries = new Entry[FirstEntries];
        (ulong from, ulong to) = NameOf(key);
        int set = SetOf(from, to);
        ref Entry entry = ref _entries[set];
        ref Entry other = ref _entries[set + 1];
        bool first = entry.From == from && entry.To == to;
        bool second = !first && other.From == from && other.To == to;
        if (second || (!first && entry.Holds(epoch, now) && (!other.Holds(epoch, now) || other.Until < entry.Until)))
            entry = ref other;
        Note(evicts: !first && !second && entry.Holds(epoch, now));
        entry = new Entry { From = from, To = to, Until = until, Epoch = epoch, Port = port };
        if (_evicted > _entries.Length / 8)
            Grow();
    }

    private static (ulong From, ulong To) NameOf(in FlowKey key) => ((key.DlSrc.Value << 16) | key.DlVlan, (key.DlDst.Value << 16) | key.InPort);

    private int SetOf(ulong from, ulong to)
    {
        ulong hash = (from * 0x9e3779b97f4a7c15) ^ (to * 0xc2b2ae3d27d4eb4f);
        return (int)((hash ^ (hash >> 29)) >> 7) & (_entries.Length - 2);
    }

    // Of as many decisions as it has room for, so many may push out one that holds.
    private void Note(bool evicts)
    {
        if (++_kept > _entries.Length)
            _kept = _evicted = 0;
        if (evicts)
            _evicted++;
    }

    // What it held is decided anew by the next packet of each.
    private void Grow()
    {
        _kept = _evicted = 0;
        if (_entries.Length < MostEntries)
            _entries = new Entry[_entries.Length * 2];
    }

    private struct Entry
    {
        public ulong From;
        public ulong To;
        public long Until;
        public uint Epoch;
        public ushort Port;

        public readonly bool Holds(uint epoch, long now) => Epoch == epoch && Until > now;
    }
}

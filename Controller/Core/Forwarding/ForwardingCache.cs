using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>
/// The latest forwarding decisions of a session, by ingress port, VLAN and pair of addresses: while a rule is as it was sent a moment ago, the packets that
/// were under way need its output and nothing else. Direct-mapped; it grows with use to <see cref="MostEntries"/> and holds nothing before the first decision.
/// </summary>
public sealed class ForwardingCache
{
    /// <summary>Entries that it has at the most, 32 bytes each.</summary>
    public const int MostEntries = 8192;

    private const int FirstEntries = 64;

    private Entry[] _entries = [];
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
        ref Entry entry = ref _entries[IndexOf(from, to)];
        if (entry.From != from || entry.To != to || entry.Epoch != epoch || entry.Until <= now)
            return false;
        port = entry.Port;
        return true;
    }

    /// <summary>Keeps a decision until a time, or the next epoch.</summary>
    public void Keep(in FlowKey key, uint epoch, long now, long until, ushort port)
    {
        if (_entries.Length == 0)
            _entries = new Entry[FirstEntries];
        (ulong from, ulong to) = NameOf(key);
        ref Entry entry = ref _entries[IndexOf(from, to)];
        bool evicts = (entry.From != from || entry.To != to) && entry.Epoch == epoch && entry.Until > now;
        entry = new Entry { From = from, To = to, Until = until, Epoch = epoch, Port = port };
        if (evicts && ++_evicted > _entries.Length / 4)
            Grow();
    }

    private static (ulong From, ulong To) NameOf(in FlowKey key) => ((key.DlSrc.Value << 16) | key.DlVlan, (key.DlDst.Value << 16) | key.InPort);

    private int IndexOf(ulong from, ulong to)
    {
        ulong hash = (from * 0x9e3779b97f4a7c15) ^ (to * 0xc2b2ae3d27d4eb4f);
        return (int)((hash ^ (hash >> 29)) >> 7) & (_entries.Length - 1);
    }

    // What it held is decided anew by the next packet of each.
    private void Grow()
    {
        _evicted = 0;
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
    }
}

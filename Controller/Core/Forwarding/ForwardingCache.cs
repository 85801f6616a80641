using System.Runtime.InteropServices;
using NetServ.Packets;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>
/// The latest forwarding decisions of a session, by ingress port, VLAN and pair of addresses: while a rule is as it was sent a moment ago, the packets that
/// were under way need its output and nothing else. Sets of four in a cache line each, so that an answer costs one line; it grows with use to
/// <see cref="MostEntries"/> and holds nothing before the first decision. An entry is found by a 64-bit hash of what it stands for: one in 2^64 frames
/// might leave by the port of another pair.
/// </summary>
public sealed class ForwardingCache
{
    /// <summary>Entries that it has at the most, 16 bytes each.</summary>
    public const int MostEntries = 8192;

    private const int FirstEntries = 64;
    private const int Ways = 4;
    private const int WordsOfSet = 2 * Ways;
    private const int LineBytes = 64;

    // Of each entry its tag, and behind it until when it holds and the port.
    private ulong[] _words = [];
    private int _first;
    private int _mask;
    private int _kept;
    private int _evicted;

    /// <summary>The output that was decided, if that still holds.</summary>
    /// <param name="key">The packet.</param>
    /// <param name="epoch">Number of changes of the rules so far: a decision of another epoch is void.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="port">The output.</param>
    public bool TryFind(in FlowKey key, uint epoch, long now, out ushort port) => TryFind(HashOf(key), epoch, now, out port);

    /// <summary>The same for a hash.</summary>
    public bool TryFind(ulong hash, uint epoch, long now, out ushort port)
    {
        port = 0;
        if (_words.Length == 0)
            return false;
        ulong tag = TagOf(hash, epoch);
        ReadOnlySpan<ulong> set = _words.AsSpan(SetOf(hash), WordsOfSet);
        for (int i = 0; i < WordsOfSet; i += 2)
        {
            if (set[i] != tag)
                continue;
            port = (ushort)set[i + 1];
            return UntilOf(set[i + 1]) > now;
        }
        return false;
    }

    /// <summary>
    /// Has the processor fetch what <see cref="TryFind"/> will look at. Several in a row are fetched at the same time, while one miss after the other would
    /// cost more than all else that is done for a packet.
    /// </summary>
    /// <returns>Nothing of meaning; to be kept somewhere, or the fetch would be left out.</returns>
    public ulong Fetch(ulong hash) => _words.Length == 0 ? 0 : _words[SetOf(hash)];

    /// <summary>Keeps a decision until a time, or the next epoch.</summary>
    public void Keep(in FlowKey key, uint epoch, long now, long until, ushort port)
    {
        if (_words.Length == 0)
            Allocate(FirstEntries);
        ulong hash = HashOf(key);
        ulong tag = TagOf(hash, epoch);
        Span<ulong> set = _words.AsSpan(SetOf(hash), WordsOfSet);
        int at = PlaceOf(set, tag);
        Note(evicts: set[at] != tag && UntilOf(set[at + 1]) > now);
        set[at] = tag;
        set[at + 1] = ((ulong)until << 16) | port;
        if (_evicted > (_mask + 1) / 2)
            Grow();
    }

    private static long UntilOf(ulong word) => (long)(word >> 16);

    private static ulong HashOf(in FlowKey key) => HashOf((key.DlSrc.Value << 16) | key.DlVlan, (key.DlDst.Value << 16) | key.InPort);

    /// <summary>What an entry is found by.</summary>
    /// <param name="from">Source address above the VLAN.</param>
    /// <param name="to">Destination address above the ingress port.</param>
    public static ulong HashOf(ulong from, ulong to)
    {
        ulong hash = (from * 0x9e3779b97f4a7c15) ^ ulong.RotateLeft(to * 0xc2b2ae3d27d4eb4f, 31);
        return (hash ^ (hash >> 32)) * 0xd6e8feb86659fd93;
    }

    private static ulong TagOf(ulong hash, uint epoch) => (hash ^ (epoch * 0xbf58476d1ce4e5b9)) | 1;

    // The same entry, else the one that ends first: one of another epoch ends no later than those of this one.
    private static int PlaceOf(ReadOnlySpan<ulong> set, ulong tag)
    {
        int first = 0;
        for (int i = 0; i < WordsOfSet; i += 2)
        {
            if (set[i] == tag)
                return i;
            if (set[i + 1] < set[first + 1])
                first = i;
        }
        return first;
    }

    private int SetOf(ulong hash) => _first + ((int)(hash >> 40) & _mask) * WordsOfSet;

    // Of as many decisions as it has room for, so many may push out one that holds.
    private void Note(bool evicts)
    {
        if (++_kept > (_mask + 1) * Ways)
            _kept = _evicted = 0;
        if (evicts)
            _evicted++;
    }

    // What it held is decided anew by the next packet of each.
    private void Grow()
    {
        _kept = _evicted = 0;
        int entries = (_mask + 1) * Ways;
        if (entries < MostEntries)
            Allocate(entries * 2);
    }

    // Pinned, so that sets stay at the beginning of a line.
    private void Allocate(int entries)
    {
        const int Spare = LineBytes / sizeof(ulong);
        _words = GC.AllocateArray<ulong>(entries * 2 + Spare, pinned: true);
        _first = (int)((LineBytes - Marshal.UnsafeAddrOfPinnedArrayElement(_words, 0) % LineBytes) % LineBytes) / sizeof(ulong);
        _mask = entries / Ways - 1;
    }
}

using System.Numerics;
using System.Runtime.InteropServices;
using NetServ.Controller.Core.Topology;
using NetServ.Packets;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>
/// Where the hosts of the whole network are. Each may be in one of two eight-way sets; where both are full the table doubles, up to its limit, and there the
/// longest unseen of both makes room. Each loop owns one, shared by its sessions, and Core one. A session writes what it hears to its loop's; Core
/// tells all loops. Of two places the one that was taken later counts, so all of them end with the same. Allocates when it grows only; one thread.
/// </summary>
public sealed class HostDirectory
{
    /// <summary>Hosts that there is room for unless told otherwise.</summary>
    public const int DefaultMost = 1 << 20;

    /// <summary>How often a host that is heard all the time is told of, milliseconds.</summary>
    public const int TellEvery = 30_000;

    private const int Ways = 8;
    private const int FirstSets = 128;
    private const int EchoWithin = 100;

    private readonly int _mostSets;
    private readonly Dictionary<PortId, int> _atPort = [];
    private int _setMask;
    private ulong[] _keys = [];
    private Entry[] _entries = [];
    private ulong[] _addresses = [];
    private ulong[] _owners = [];

    /// <summary>A directory with room for about <paramref name="most"/> hosts; its memory grows with those that are known, 64 bytes for each place.</summary>
    public HostDirectory(int most = DefaultMost)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        // Sets that are full to three quarters overflow rarely.
        _mostSets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, (int)((most * 4L / 3 + Ways - 1) / Ways)));
        Allocate(Math.Min(FirstSets, _mostSets));
    }

    /// <summary>Who has rules of a host: the sessions of the loop that owns this directory.</summary>
    public HostHolders Holders { get; } = new();

    /// <summary>What the sessions here have told Core and Core has not answered.</summary>
    public HostNewsBudget News { get; } = new();

    /// <summary>Hosts that are known.</summary>
    public int Count { get; private set; }

    /// <summary>All hosts, in no order.</summary>
    public IEnumerable<HostPlace> All
    {
        get
        {
            for (int i = 0; i < _keys.Length; i++)
            {
                if (_keys[i] != 0)
                    yield return HostAt(i);
            }
        }
    }

    /// <summary>Where a host is.</summary>
    public bool TryFind(HostKey key, out PortId at)
    {
        int index = Find(key.Value);
        at = index < 0 ? default : _entries[index].At;
        return index >= 0;
    }

    /// <summary>What is known of a host that is known.</summary>
    public HostPlace PlaceOf(HostKey key) => HostAt(Find(key.Value));

    /// <summary>Who has an IPv4 address, if he was heard within <paramref name="lately"/> milliseconds.</summary>
    public bool TryFind(Ipv4Address address, ushort vlan, long now, int lately, out HostKey key)
    {
        int set = FirstOf(HashOf(NameOf(address, vlan)));
        int way = _addresses.AsSpan(set, Ways).IndexOf(NameOf(address, vlan));
        key = new HostKey(way < 0 ? 0 : _owners[set + way]);
        int index = way < 0 ? -1 : Find(key.Value);
        return index >= 0 && _entries[index].Address == address && now - _entries[index].SeenAt <= lately;
    }

    /// <summary>Whether a host that is known was not, <paramref name="within"/> milliseconds ago.</summary>
    public bool IsNew(HostKey key, long now, int within)
    {
        int index = Find(key.Value);
        return index >= 0 && _entries[index].IsFirst && now - _entries[index].Since <= within;
    }

    /// <summary>A host was heard at an edge.</summary>
    /// <param name="key">Who.</param>
    /// <param name="at">Where.</param>
    /// <param name="address">The IPv4 address that it names as its own, zero for none.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="isSure">Whether it is there in any case, as a node at its port.</param>
    public HostNews Hear(HostKey key, PortId at, Ipv4Address address, long now, bool isSure = false)
    {
        int index = Find(key.Value);
        if (index < 0)
        {
            Put(PlaceFor(key.Value), new HostPlace(key, at, address, now));
            return HostNews.New;
        }
        ref Entry entry = ref _entries[index];
        if (entry.At != at)
        {
            if (!isSure && now - entry.SeenAt < EchoWithin)
                return HostNews.Echo;
            Put(index, new HostPlace(key, at, address.Value == 0 ? entry.Address : address, now));
            return HostNews.Moved;
        }
        entry.SeenAt = now;
        if (address.Value != 0 && address != entry.Address)
        {
            Put(index, new HostPlace(key, at, address, now));
            return HostNews.Renamed;
        }
        if (now - entry.ToldAt < TellEvery)
            return HostNews.None;
        entry.ToldAt = now;
        return HostNews.Alive;
    }

    /// <summary>
    /// Takes what was heard elsewhere, unless something newer is known; returns whether another place or name came of it. Who is told without a name keeps his.
    /// </summary>
    public bool Take(in HostPlace host)
    {
        int index = Find(host.Key.Value);
        if (index < 0)
        {
            if (host.IsGone)
                return false;
            Put(PlaceFor(host.Key.Value), host);
            return true;
        }
        ref Entry entry = ref _entries[index];
        HostPlace named = host.Address.Value == 0 ? host with { Address = entry.Address } : host;
        if (entry.At == host.At)
            return host.SeenAt >= entry.SeenAt && (host.IsGone ? Remove(index) : Refresh(index, named));
        if (host.IsGone || host.SeenAt < entry.Since)
            return false;
        Put(index, named);
        return true;
    }

    /// <summary>Forgets the hosts at a port; adds them to <paramref name="gone"/>.</summary>
    public void Forget(PortId at, long now, ICollection<HostPlace> gone)
    {
        for (int i = 0; _atPort.ContainsKey(at); i++)
        {
            if (_keys[i] == 0 || _entries[i].At != at)
                continue;
            gone.Add(HostAt(i) with { SeenAt = now, IsGone = true });
            Remove(i);
        }
    }

    private static ulong NameOf(Ipv4Address address, ushort vlan) => ((ulong)address.Value << 16) | (vlan == 0 ? FlowKey.NoVlan : vlan);

    private HostPlace HostAt(int index) => new(new HostKey(_keys[index]), _entries[index].At, _entries[index].Address, _entries[index].SeenAt);

    private bool Refresh(int index, in HostPlace host)
    {
        bool renamed = _entries[index].Address != host.Address;
        Put(index, host);
        return renamed;
    }

    private void Put(int index, in HostPlace host)
    {
        bool known = _keys[index] == host.Key.Value;
        bool stays = known && _entries[index].At == host.At;
        long since = stays ? _entries[index].Since : host.SeenAt;
        bool first = stays ? _entries[index].IsFirst : !known;
        if (_keys[index] != 0)
            Remove(index);
        Count++;
        CountAt(host.At, 1);
        _keys[index] = host.Key.Value;
        _entries[index] = new Entry { At = host.At, Address = host.Address, Since = since, SeenAt = host.SeenAt, ToldAt = host.SeenAt, IsFirst = first };
        Name(host.Key.Value, host.Address);
    }

    private void Name(ulong key, Ipv4Address address)
    {
        if (address.Value == 0)
            return;
        ulong name = NameOf(address, (ushort)key);
        int set = FirstOf(HashOf(name));
        int way = _addresses.AsSpan(set, Ways).IndexOf(name);
        if (way < 0)
            way = _addresses.AsSpan(set, Ways).IndexOf(0ul);
        if (way < 0)
            way = (int)(key >> 16) & (Ways - 1);
        _addresses[set + way] = name;
        _owners[set + way] = key;
    }

    private bool Remove(int index)
    {
        _keys[index] = 0;
        Count--;
        CountAt(_entries[index].At, -1);
        return true;
    }

    private void CountAt(PortId at, int change)
    {
        ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(_atPort, at, out _);
        count += change;
        if (count == 0)
            _atPort.Remove(at);
    }

    private static ulong HashOf(ulong key)
    {
        key *= 0x9e3779b97f4a7c15;
        return (key ^ (key >> 32)) * 0xd6e8feb86659fd93;
    }

    private int FirstOf(ulong hash) => ((int)(hash >> 40) & _setMask) * Ways;

    // Another set than the first, if there is another.
    private int SecondOf(ulong hash) => (((int)(hash >> 40) ^ (int)(hash >> 8) ^ (int)(~hash >> 8 & 1)) & _setMask) * Ways;

    private int Find(ulong key)
    {
        ulong hash = HashOf(key);
        int set = FirstOf(hash);
        int way = _keys.AsSpan(set, Ways).IndexOf(key);
        if (way < 0)
        {
            set = SecondOf(hash);
            way = _keys.AsSpan(set, Ways).IndexOf(key);
        }
        return way < 0 || key == 0 ? -1 : set + way;
    }

    // The emptier of both sets takes it, so that they fill alike. Where both are full although half of all is free somebody has chosen the addresses.
    private int PlaceFor(ulong key)
    {
        while (true)
        {
            ulong hash = HashOf(key);
            int first = FirstOf(hash), second = SecondOf(hash);
            int set = _keys.AsSpan(second, Ways).Count(0ul) > _keys.AsSpan(first, Ways).Count(0ul) ? second : first;
            int free = _keys.AsSpan(set, Ways).IndexOf(0ul);
            if (free >= 0)
                return set + free;
            if (_setMask + 1 >= _mostSets || Count <= _keys.Length / 2)
                return Older(OldestOf(first), OldestOf(second));
            Grow();
        }
    }

    private int OldestOf(int set)
    {
        int oldest = set;
        for (int i = set + 1; i < set + Ways; i++)
            oldest = Older(oldest, i);
        return oldest;
    }

    private int Older(int one, int other) => _entries[other].SeenAt < _entries[one].SeenAt ? other : one;

    private void Grow()
    {
        (ulong[] keys, Entry[] entries) = (_keys, _entries);
        Allocate((_setMask + 1) * 2);
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] == 0)
                continue;
            int place = PlaceFor(keys[i]);
            if (_keys[place] != 0)
                Remove(place);
            (_keys[place], _entries[place]) = (keys[i], entries[i]);
            Name(keys[i], entries[i].Address);
        }
    }

    private void Allocate(int sets)
    {
        _setMask = sets - 1;
        _keys = new ulong[sets * Ways];
        _entries = new Entry[sets * Ways];
        _addresses = new ulong[sets * Ways];
        _owners = new ulong[sets * Ways];
    }

    private struct Entry
    {
        public PortId At;
        public Ipv4Address Address;
        public bool IsFirst;
        public long Since;
        public long SeenAt;
        public long ToldAt;
    }
}

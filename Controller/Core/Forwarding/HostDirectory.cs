using System.Numerics;
using NetServ.Controller.Core.Topology;
using NetServ.Packets;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>
/// Where the hosts of the whole network are: eight-way sets of fixed size, the longest unseen of a full set makes room. Each loop owns one, shared
/// by its sessions, and Core one. A session writes what it hears to its loop's; Core tells all loops. Of two
/// places the one that was taken later counts, so all of them end with the same. Allocates once; one thread.
/// </summary>
public sealed class HostDirectory
{
    /// <summary>Sets of eight that there are unless told otherwise.</summary>
    public const int DefaultSets = 8192;

    /// <summary>How often a host that is heard all the time is told of, milliseconds.</summary>
    public const int TellEvery = 30_000;

    private const int Ways = 8;
    private const int EchoWithin = 100;

    private readonly int _setMask;
    private readonly ulong[] _keys;
    private readonly Entry[] _entries;
    private readonly ulong[] _addresses;
    private readonly ulong[] _owners;

    /// <summary>A directory of <paramref name="sets"/> (a power of two) times eight hosts.</summary>
    public HostDirectory(int sets = DefaultSets)
    {
        if (!BitOperations.IsPow2(sets))
            throw new ArgumentException($"the number of sets is a power of two, not {sets}", nameof(sets));
        _setMask = sets - 1;
        _keys = new ulong[sets * Ways];
        _entries = new Entry[sets * Ways];
        _addresses = new ulong[sets * Ways];
        _owners = new ulong[sets * Ways];
    }

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

    /// <summary>Who has an IPv4 address, if he was heard within <paramref name="lately"/> milliseconds.</summary>
    public bool TryFind(Ipv4Address address, ushort vlan, long now, int lately, out HostKey key)
    {
        int set = SetOf(NameOf(address, vlan)) * Ways;
        int way = _addresses.AsSpan(set, Ways).IndexOf(NameOf(address, vlan));
        key = new HostKey(way < 0 ? 0 : _owners[set + way]);
        int index = way < 0 ? -1 : Find(key.Value);
        return index >= 0 && _entries[index].Address == address && now - _entries[index].SeenAt <= lately;
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
            Put(Victim(key.Value), new HostPlace(key, at, address, now));
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

    /// <summary>Takes what was heard elsewhere, unless something newer is known; returns whether another place or name came of it.</summary>
    public bool Take(in HostPlace host)
    {
        int index = Find(host.Key.Value);
        if (index < 0)
        {
            if (host.IsGone)
                return false;
            Put(Victim(host.Key.Value), host);
            return true;
        }
        ref Entry entry = ref _entries[index];
        if (entry.At == host.At)
            return host.SeenAt >= entry.SeenAt && (host.IsGone ? Remove(index) : Refresh(index, host));
        if (host.IsGone || host.SeenAt < entry.Since)
            return false;
        Put(index, host);
        return true;
    }

    /// <summary>Forgets the hosts at a port; adds them to <paramref name="gone"/>.</summary>
    public void Forget(PortId at, long now, ICollection<HostPlace> gone)
    {
        for (int i = 0; i < _keys.Length; i++)
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
        long since = _keys[index] == host.Key.Value && _entries[index].At == host.At ? _entries[index].Since : host.SeenAt;
        if (_keys[index] == 0)
            Count++;
        _keys[index] = host.Key.Value;
        _entries[index] = new Entry { At = host.At, Address = host.Address, Since = since, SeenAt = host.SeenAt, ToldAt = host.SeenAt };
        if (host.Address.Value == 0)
            return;
        ulong name = NameOf(host.Address, host.Key.Vlan);
        int set = SetOf(name) * Ways;
        int way = _addresses.AsSpan(set, Ways).IndexOf(name);
        if (way < 0)
            way = _addresses.AsSpan(set, Ways).IndexOf(0ul);
        if (way < 0)
            way = (int)(host.Key.Value >> 16) & (Ways - 1);
        _addresses[set + way] = name;
        _owners[set + way] = host.Key.Value;
    }

    private bool Remove(int index)
    {
        _keys[index] = 0;
        Count--;
        return true;
    }

    private int SetOf(ulong key) => (int)((key * 0x9e3779b97f4a7c15) >> 40) & _setMask;

    private int Find(ulong key)
    {
        int set = SetOf(key) * Ways;
        int way = _keys.AsSpan(set, Ways).IndexOf(key);
        return way < 0 || key == 0 ? -1 : set + way;
    }

    private int Victim(ulong key)
    {
        int first = SetOf(key) * Ways;
        int oldest = first;
        for (int i = first; i < first + Ways; i++)
        {
            if (_keys[i] == 0)
                return i;
            if (_entries[i].SeenAt < _entries[oldest].SeenAt)
                oldest = i;
        }
        return oldest;
    }

    private struct Entry
    {
        public PortId At;
        public Ipv4Address Address;
        public long Since;
        public long SeenAt;
        public long ToldAt;
    }
}

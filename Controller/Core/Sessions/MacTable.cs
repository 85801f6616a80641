using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// Where addresses live: eight-way sets. Begins empty and doubles while a set is full, up to its limit; from then on the longest unseen of a full
/// set makes room.
/// </summary>
public sealed class MacTable
{
    private const int Ways = 8;

    private readonly int _maxSets;
    private ulong[] _keys = new ulong[Ways];
    private ushort[] _ports = new ushort[Ways];
    private long[] _seen = new long[Ways];

    /// <summary>A table of up to <paramref name="sets"/> (a power of two) times eight addresses.</summary>
    public MacTable(int sets)
    {
        if (!System.Numerics.BitOperations.IsPow2(sets))
            throw new ArgumentException($"the number of sets is a power of two, not {sets}", nameof(sets));
        _maxSets = sets;
    }

    /// <summary>Notes that an address lives at a port.</summary>
    /// <param name="address">A unicast address.</param>
    /// <param name="vlan">VLAN id, 0xffff untagged.</param>
    /// <param name="port">The port.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="before">Where it lived before, if it moved.</param>
    /// <returns>Whether it moved from another port.</returns>
    public bool Learn(MacAddress address, ushort vlan, ushort port, long now, out ushort before)
    {
        ulong key = KeyOf(address, vlan);
        int at = Find(key);
        bool known = at >= 0;
        if (!known)
            at = Victim(key);
        before = known ? _ports[at] : port;
        _keys[at] = key;
        _ports[at] = port;
        _seen[at] = now;
        return before != port;
    }

    /// <summary>Where an address lives.</summary>
    public bool TryFind(MacAddress address, ushort vlan, out ushort port)
    {
        int at = Find(KeyOf(address, vlan));
        port = at < 0 ? (ushort)0 : _ports[at];
        return at >= 0;
    }

    /// <summary>Forgets all addresses at a port.</summary>
    public void ForgetPort(ushort port)
    {
        for (int i = 0; i < _keys.Length; i++)
        {
            if (_ports[i] == port)
                _keys[i] = 0;
        }
    }

    // A tag with VLAN id 0 carries a priority only (IEEE 802.1Q section 6.9): the host is the one that also sends untagged.
    private static ulong KeyOf(MacAddress address, ushort vlan) => (address.Value << 16) | (vlan == 0 ? FlowKey.NoVlan : vlan);

    private int SetOf(ulong key) => (int)((key * 0x9e3779b97f4a7c15) >> 40) & (_keys.Length / Ways - 1);

    private int Find(ulong key)
    {
        int index = _keys.AsSpan(SetOf(key) * Ways, Ways).IndexOf(key);
        return index < 0 ? -1 : SetOf(key) * Ways + index;
    }

    private int Victim(ulong key)
    {
        int first = SetOf(key) * Ways;
        int oldest = first;
        for (int i = first; i < first + Ways; i++)
        {
            if (_keys[i] == 0)
                return i;
            if (_seen[i] < _seen[oldest])
                oldest = i;
        }
        if (_keys.Length >= _maxSets * Ways)
            return oldest;
        Grow();
        return Victim(key);
    }

    // Twice the sets: each old one falls into two, so all its addresses find room.
    private void Grow()
    {
        (ulong[] keys, ushort[] ports, long[] seen) = (_keys, _ports, _seen);
        (_keys, _ports, _seen) = (new ulong[keys.Length * 2], new ushort[keys.Length * 2], new long[keys.Length * 2]);
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] == 0)
                continue;
            int at = Victim(keys[i]);
            (_keys[at], _ports[at], _seen[at]) = (keys[i], ports[i], seen[i]);
        }
    }
}

using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>Where addresses live: eight-way sets of fixed size, the longest unseen of a full set makes room. Allocates once.</summary>
public sealed class MacTable
{
    private const int Ways = 8;

    private readonly int _setMask;
    private readonly ulong[] _keys;
    private readonly ushort[] _ports;
    private readonly long[] _seen;

    /// <summary>A table of <paramref name="sets"/> (a power of two) times eight addresses.</summary>
    public MacTable(int sets)
    {
        if (!System.Numerics.BitOperations.IsPow2(sets))
            throw new ArgumentException($"the number of sets is a power of two, not {sets}", nameof(sets));
        _setMask = sets - 1;
        _keys = new ulong[sets * Ways];
        _ports = new ushort[sets * Ways];
        _seen = new long[sets * Ways];
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

    private int SetOf(ulong key) => (int)((key * 0x9e3779b97f4a7c15) >> 40) & _setMask;

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
        return oldest;
    }
}

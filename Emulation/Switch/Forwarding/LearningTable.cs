using NetServ.Packets;

namespace NetServ.Emulation.Switch.Forwarding;

/// <summary>Where the addresses of each VLAN were last seen, for OFPP_NORMAL; bounded, an address not heard for five minutes is forgotten.</summary>
internal sealed class LearningTable(int capacity)
{
    private static readonly TimeSpan s_age = TimeSpan.FromMinutes(5);
    private readonly Dictionary<ulong, (ushort Port, TimeSpan Seen)> _places = [];

    /// <summary>Remembers a sender; a full table takes no new ones until some have aged.</summary>
    public void Learn(ushort vlan, MacAddress source, ushort port, TimeSpan now)
    {
        if (source.IsMulticast)
            return;
        ulong key = Key(vlan, source);
        if (_places.Count >= capacity && !_places.ContainsKey(key))
            Forget(now);
        if (_places.Count < capacity || _places.ContainsKey(key))
            _places[key] = (port, now);
    }

    /// <summary>The port of an address; false when it has to be flooded.</summary>
    public bool TryFind(ushort vlan, MacAddress destination, TimeSpan now, out ushort port)
    {
        bool known = _places.TryGetValue(Key(vlan, destination), out (ushort Port, TimeSpan Seen) place) && now - place.Seen < s_age;
        port = place.Port;
        return known && !destination.IsMulticast;
    }

    /// <summary>Forgets everything learned on a port.</summary>
    public void ForgetPort(ushort port)
    {
        foreach ((ulong key, (ushort Port, TimeSpan Seen) place) in _places)
            if (place.Port == port)
                _places.Remove(key);
    }

    private void Forget(TimeSpan now)
    {
        foreach ((ulong key, (ushort Port, TimeSpan Seen) place) in _places)
            if (now - place.Seen >= s_age)
                _places.Remove(key);
    }

    private static ulong Key(ushort vlan, MacAddress address) => ((ulong)vlan << 48) | address.Value;
}

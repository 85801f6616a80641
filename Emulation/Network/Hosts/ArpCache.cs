using NetServ.Packets;

namespace NetServ.Emulation;

/// <summary>A host's neighbours, and the frames that wait until one is found: three requests a second apart, then they are given up.</summary>
internal sealed class ArpCache(VirtualClock clock, Action<Ipv4Address> ask)
{
    private const int Attempts = 3;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private readonly Dictionary<Ipv4Address, MacAddress> _known = [];
    private readonly Dictionary<Ipv4Address, List<Action<MacAddress>>> _waiting = [];

    /// <summary>Frames given up because nobody answered.</summary>
    public int GivenUp { get; private set; }

    /// <summary>Hands over the neighbour's address, at once or when it answers.</summary>
    public void Resolve(Ipv4Address address, Action<MacAddress> then)
    {
        if (_known.TryGetValue(address, out MacAddress mac))
        {
            then(mac);
        }
        else if (_waiting.TryGetValue(address, out List<Action<MacAddress>>? others))
        {
            others.Add(then);
        }
        else
        {
            _waiting.Add(address, [then]);
            Ask(address, 1);
        }
    }

    public void Learn(Ipv4Address address, MacAddress mac)
    {
        _known[address] = mac;
        if (!_waiting.Remove(address, out List<Action<MacAddress>>? waiting))
            return;
        foreach (Action<MacAddress> then in waiting)
            then(mac);
    }

    private void Ask(Ipv4Address address, int attempt)
    {
        ask(address);
        clock.ScheduleAlarm(clock.Now + s_interval, () =>
        {
            if (!_waiting.TryGetValue(address, out List<Action<MacAddress>>? waiting))
                return;
            if (attempt < Attempts)
            {
                Ask(address, attempt + 1);
                return;
            }
            GivenUp += waiting.Count;
            _waiting.Remove(address);
        });
    }
}

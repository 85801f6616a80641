using System.Globalization;
using NetServ.Demo.Measuring;
using NetServ.Packets;

namespace NetServ.Demo.Traffic.Captures;

/// <summary>
/// Puts each Ethernet address of a capture on one of a few switch ports, so that those that talk to each other are on different ones: a switch
/// sends nothing back where it came from. The busiest go first; where no port is free of partners, the one with the least traffic to them is taken.
/// </summary>
internal sealed class HostMap
{
    private const int LeastPorts = 2;
    private const int MostPorts = 6;

    private readonly Dictionary<ulong, ushort> _ports = [];
    private readonly ushort[] _numbers;

    /// <summary>Maps all unicast addresses.</summary>
    /// <param name="frames">The capture, with usable addresses.</param>
    public HostMap(IReadOnlyCollection<byte[]> frames)
    {
        Census census = new(frames);
        _numbers = [.. Enumerable.Range(1, Math.Clamp(census.Volume.Count, LeastPorts, MostPorts)).Select(n => (ushort)n)];
        int[] load = new int[_numbers.Length];
        foreach ((ulong address, int volume) in census.Volume.OrderByDescending(v => v.Value).ThenBy(v => v.Key))
        {
            int[] conflict = new int[_numbers.Length];
            foreach ((ulong partner, int frameCount) in census.Partners[address])
            {
                if (_ports.TryGetValue(partner, out ushort taken))
                    conflict[taken - 1] += frameCount;
            }
            ushort best = _numbers.MinBy(n => (conflict[n - 1], load[n - 1], n));
            _ports[address] = best;
            load[best - 1] += volume;
        }
        Silent = census.Volume.Keys.Count(a => !census.Senders.Contains(a));
        Hosts = [.. _numbers.Select(n => Describe(n, census))];
    }

    /// <summary>What hangs on each port.</summary>
    public IReadOnlyList<HostSpec> Hosts { get; }

    /// <summary>Addresses.</summary>
    public int Count => _ports.Count;

    /// <summary>Addresses that no frame comes from.</summary>
    public int Silent { get; }

    /// <summary>Where an address hangs.</summary>
    public ushort PortOf(ulong address) => _ports[address];

    /// <summary>Where a frame has to arrive: at one port, or at all others if it goes to a group.</summary>
    public IReadOnlyList<ushort> Receivers(Link link) =>
        link.ToGroup ? [.. _numbers.Where(n => n != _ports[link.Source])] : [_ports[link.Destination]];

    private HostSpec Describe(ushort number, Census census)
    {
        ulong[] here = [.. census.Volume.OrderByDescending(v => v.Value).Select(v => v.Key).Where(a => _ports[a] == number)];
        string name = here.Length == 0 ? "nobody" : census.Ip(here[0])?.ToString() ?? new MacAddress(here[0]).ToString();
        string more = here.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $" and {here.Length - 1} more") : "";
        return new HostSpec(number, name + more, [.. here.Select(a => (new MacAddress(a), census.Ip(a)))]);
    }

    /// <summary>Who is there and how much he says to whom.</summary>
    private sealed class Census
    {
        private readonly Dictionary<ulong, Dictionary<uint, int>> _sent = [];
        private readonly Dictionary<ulong, Dictionary<uint, int>> _received = [];

        public Census(IEnumerable<byte[]> frames)
        {
            foreach (byte[] frame in frames)
                Take(FrameView.Read(frame));
        }

        public Dictionary<ulong, int> Volume { get; } = [];

        public Dictionary<ulong, Dictionary<ulong, int>> Partners { get; } = [];

        public HashSet<ulong> Senders { get; } = [];

        /// <summary>The address that it sends from most, or else is sent to most.</summary>
        public Ipv4Address? Ip(ulong address) =>
            _sent.TryGetValue(address, out Dictionary<uint, int>? ips) || _received.TryGetValue(address, out ips) ? new Ipv4Address(ips.MaxBy(i => i.Value).Key) : null;

        private void Take(in FrameView view)
        {
            Senders.Add(view.Source);
            Add(view.Source);
            if (view.IsIpv4)
                Count(_sent, view.Source, view.Tuple.Source);
            if (view.Link.ToGroup)
                return;
            if (view.IsIpv4)
                Count(_received, view.Destination, view.Tuple.Destination);
            Add(view.Destination);
            Count(Partners, view.Source, view.Destination);
            Count(Partners, view.Destination, view.Source);
        }

        private void Add(ulong address)
        {
            Volume[address] = Volume.GetValueOrDefault(address) + 1;
            Partners.TryAdd(address, []);
        }

        private static void Count<T>(Dictionary<ulong, Dictionary<T, int>> counts, ulong address, T of)
            where T : notnull
        {
            if (!counts.TryGetValue(address, out Dictionary<T, int>? there))
                counts[address] = there = [];
            there[of] = there.GetValueOrDefault(of) + 1;
        }
    }
}

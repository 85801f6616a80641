using System.Collections.Immutable;
using NetServ.Controller.Core.Forwarding;
using NetServ.Packets;

namespace NetServ.Controller.Core.Steering;

/// <summary>
/// The hosts that packets of proactive filters may be for, as far as these have named their addresses: rules behind the nodes can be there before the first packet.
/// Hosts that come and go make a snapshot once a second at most.
/// </summary>
public sealed class Destinations(CoreContext context, HostDirectory hosts)
{
    /// <summary>So many at the most: more would not find room in any switch.</summary>
    public const int Most = 1024;

    private const int TellEvery = 1000;

    private ImmutableArray<Ipv4Prefix> _prefixes = [];
    private ImmutableSortedDictionary<HostKey, Ipv4Address> _told = None;
    private long _toldAt = long.MinValue / 2;

    /// <summary>Nobody.</summary>
    public static ImmutableSortedDictionary<HostKey, Ipv4Address> None { get; } =
        ImmutableSortedDictionary.Create<HostKey, Ipv4Address>(Comparer<HostKey>.Create((a, b) => a.Value.CompareTo(b.Value)));

    /// <summary>The addresses of these hosts.</summary>
    public ImmutableSortedDictionary<HostKey, Ipv4Address> All { get; private set; } = None;

    /// <summary>Takes what has become of hosts.</summary>
    internal void Take(IReadOnlyList<HostPlace> news)
    {
        if (_prefixes.IsEmpty)
            return;
        foreach (HostPlace host in news)
        {
            if (host.IsGone || !IsCovered(host.Address))
                All = All.Remove(host.Key);
            else if (All.Count < Most)
                All = All.SetItem(host.Key, host.Address);
        }
    }

    /// <summary>Lets time pass.</summary>
    internal void Tick()
    {
        if (All != _told && context.Now - _toldAt >= TellEvery)
            context.Changed = true;
    }

    /// <summary>Those of the filters that are proactive now, for the next snapshot.</summary>
    internal ImmutableSortedDictionary<HostKey, Ipv4Address> Of(ImmutableList<FilterEntry> proactive)
    {
        ImmutableArray<Ipv4Prefix> prefixes = [.. proactive.SelectMany(f => f.Matches).Select(m => m.NwDstPrefix).Distinct()];
        if (!prefixes.SequenceEqual(_prefixes))
        {
            _prefixes = prefixes;
            All = prefixes.IsEmpty ? None : None.AddRange(hosts.All.Where(h => IsCovered(h.Address)).Take(Most).Select(h => KeyValuePair.Create(h.Key, h.Address)));
        }
        if (All != _told)
            (_told, _toldAt) = (All, context.Now);
        return All;
    }

    private bool IsCovered(Ipv4Address address) => address.Value != 0 && _prefixes.Any(p => p.Contains(address));
}

using NetServ.Controller.Core.Topology;
using NetServ.Packets;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>Where a host is, or (as <see cref="IsGone"/>) was.</summary>
/// <param name="Key">Who.</param>
/// <param name="At">Its edge.</param>
/// <param name="Address">The IPv4 address that its ARP named, zero for none.</param>
/// <param name="SeenAt">When, in milliseconds of the clock that all loops share; the newer of two counts.</param>
public readonly record struct HostPlace(HostKey Key, PortId At, Ipv4Address Address, long SeenAt)
{
    /// <summary>Whether it is there no more.</summary>
    public bool IsGone { get; init; }

    /// <summary>Whether Core knew it there already: no rule changes, but it is heard and perhaps named.</summary>
    public bool Stays { get; init; }
}

/// <summary>What hearing a host means.</summary>
public enum HostNews
{
    /// <summary>Nothing new.</summary>
    None = 0,

    /// <summary>It was not told for a while, so that others know it still lives.</summary>
    Alive,

    /// <summary>It is at its place with another IPv4 address.</summary>
    Renamed,

    /// <summary>It was not known.</summary>
    New,

    /// <summary>It was elsewhere.</summary>
    Moved,

    /// <summary>It was heard elsewhere a moment ago, so this frame came back by a way that we do not know; it has not moved.</summary>
    Echo,
}

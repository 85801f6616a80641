using NetServ.Demo.Measuring;
using NetServ.Packets;

namespace NetServ.Demo.Traffic.Captures;

/// <summary>Which filter SETUP names when a capture is played.</summary>
internal static class FilterChoice
{
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte FirstMulticast = 224;

    /// <summary>The destination (protocol, port, address) with most packets, the first to come of several; null where there is none.</summary>
    public static TrafficFilter? Busiest(IEnumerable<byte[]> frames)
    {
        Dictionary<TrafficFilter, int> packets = [];
        foreach (byte[] frame in frames)
        {
            if (DestinationOf(frame) is { } destination)
                packets[destination] = packets.GetValueOrDefault(destination) + 1;
        }
        // Of equals, MaxBy gives the first, and a dictionary that nothing was taken from keeps the order of coming.
        return packets.Count == 0 ? null : packets.MaxBy(p => p.Value).Key;
    }

    /// <summary>Whether a switch with NetServ steers a frame that the filter names: what goes to a group is for everybody.</summary>
    public static bool Steers(this TrafficFilter filter, in FrameView view) => filter.Matches(view) && !view.Link.ToGroup;

    private static TrafficFilter? DestinationOf(byte[] frame)
    {
        FrameView view = FrameView.Read(frame);
        bool named = view is { IsSound: true, IsFragment: false, Tuple: { Protocol: Tcp or Udp, DestinationPort: > 0 } }
            && !view.Link.ToGroup && view.Tuple.Destination >> 24 is > 0 and < FirstMulticast;
        return named ? new TrafficFilter(view.Tuple.Protocol, view.Tuple.DestinationPort, new Ipv4Address(view.Tuple.Destination)) : null;
    }
}

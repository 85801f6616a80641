using System.Buffers.Binary;
using NetServ.Modules.Abstractions;
using NetServ.Packets;

namespace NetServ.Node.DataPath.Classification;

/// <summary>
/// The installed filters as one immutable picture, replaced whole when they change. One hash probe finds the filters that can match by protocol
/// and port, a longest-prefix match the rest.
/// </summary>
public sealed class Classifier
{
    private readonly FilterIndex _unicast;
    private readonly FilterIndex _multicast;

    /// <summary>Builds the picture; the entries' containers must already know their modules.</summary>
    /// <exception cref="ArgumentException">A filter names a port without a protocol.</exception>
    public Classifier(IReadOnlyCollection<FilterEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        FilterEntry? faulty = entries.FirstOrDefault(e => e.Filter is { Port: not 0, Protocol: 0 });
        if (faulty is not null)
            throw new ArgumentException($"filter of owner {faulty.OwnerId} names port {faulty.Filter.Port} without a protocol", nameof(entries));
        ActionBuilder builder = new();
        _unicast = new FilterIndex([.. entries], builder);
        _multicast = new FilterIndex([.. entries.Where(e => e.Filter.NamesMulticast)], builder);
    }

    /// <summary>No filters: every packet is a stranger.</summary>
    public static Classifier Empty { get; } = new([]);

    /// <summary>What to do with a packet; null where no filter has to do with it.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="portless">
    /// Whether it passes only because its ports cannot be seen (a later fragment, or malformed) while a filter with a port covers its address.
    /// </param>
    public PacketAction? Find(in Packet packet, out bool portless)
    {
        portless = false;
        if (packet.IsIpv4)
        {
            FilterIndex index = packet.DestinationMac.IsMulticast || PacketFilter.IsMulticast(packet.Destination) ? _multicast : _unicast;
            PacketAction? action = index.Find(packet.Protocol, packet.HasPorts, packet.DestinationPort, packet.Destination);
            if (action is not null || packet.HasPorts)
                return action;
            portless = index.Covers(packet.Protocol, packet.Destination);
        }
        else if (packet.EtherType == EtherTypes.Ipv4 && packet.Length >= packet.NetworkOffset + 20 && !packet.DestinationMac.IsMulticast)
        {
            // A switch steers by address and does not look at the lengths within the header.
            ReadOnlySpan<byte> ip = packet.Frame[packet.NetworkOffset..];
            portless = _unicast.Covers(ip[9], new Ipv4Address(BinaryPrimitives.ReadUInt32BigEndian(ip[16..])));
        }
        return portless ? PacketAction.PassUnprocessed : null;
    }
}

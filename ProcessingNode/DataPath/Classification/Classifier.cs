using System.Buffers.Binary;
using NetServ.Modules.Abstractions;
using NetServ.Packets;

namespace NetServ.Node.DataPath.Classification;

/// <summary>
/// The installed filters as one picture, replaced whole when they change. One hash probe finds the filters that can match by protocol and port, a
/// longest-prefix match the rest; where filters name the other side too, those that are left are compared one by one.
/// </summary>
public sealed class Classifier
{
    private readonly FilterFamily _withPorts;
    private readonly FilterFamily _withoutPorts;

    /// <summary>Builds the picture; the entries' containers must already know their modules.</summary>
    /// <exception cref="ArgumentException">A filter names a port without a protocol.</exception>
    public Classifier(IReadOnlyCollection<FilterEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        FilterEntry? faulty = entries.FirstOrDefault(e => e.Filter is { NamesPort: true, Protocol: 0 });
        if (faulty is not null)
            throw new ArgumentException($"filter of owner {faulty.OwnerId} names port {Math.Max(faulty.Filter.Port, faulty.Filter.SourcePort)} without a protocol", nameof(entries));
        _withPorts = new FilterFamily(entries, withPorts: true);
        _withoutPorts = new FilterFamily(entries, withPorts: false);
    }

    /// <summary>No filters: every packet is a stranger.</summary>
    public static Classifier Empty { get; } = new([]);

    /// <summary>What to do with a packet; null where no filter has to do with it. One thread at a time.</summary>
    public PacketAction? Find(in Packet packet)
    {
        if (packet.IsIpv4)
        {
            bool multicast = packet.DestinationMac.IsMulticast || PacketFilter.IsMulticast(packet.Destination);
            FilterFamily family = packet.HasPorts ? _withPorts : _withoutPorts;
            return family.Find(multicast, packet.Protocol, packet.Source, packet.Destination, packet.SourcePort, packet.DestinationPort);
        }
        if (packet.EtherType != EtherTypes.Ipv4 || packet.Length < packet.NetworkOffset + 20 || packet.DestinationMac.IsMulticast)
            return null;
        // A switch steers by address and does not look at the lengths within the header.
        ReadOnlySpan<byte> ip = packet.Frame[packet.NetworkOffset..];
        Ipv4Address source = new(BinaryPrimitives.ReadUInt32BigEndian(ip[12..]));
        Ipv4Address destination = new(BinaryPrimitives.ReadUInt32BigEndian(ip[16..]));
        return _withoutPorts.Find(multicast: false, ip[9], source, destination, 0, 0) is null ? null : PacketAction.PassPortless;
    }
}

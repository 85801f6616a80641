namespace NetServ.Controller.Core.Steering.Filtering;

/// <summary>Filters of one protocol, or of any, by ports, then by destination, then by source; immutable.</summary>
/// <param name="BySource">By source and destination port: bit strings of no port, of the source port, or of both.</param>
/// <param name="ByDestination">By the destination port alone.</param>
internal sealed record PortFilters(PrefixNode<PrefixNode<PrefixNode<EqualFilters>>>? BySource, PrefixNode<PrefixNode<PrefixNode<EqualFilters>>>? ByDestination)
{
    /// <summary>The filters whose ports are those of a match, by address.</summary>
    public PrefixNode<PrefixNode<EqualFilters>>? Get(in FilterBits bits) =>
        (bits.HasDestinationPortOnly ? ByDestination : BySource).Get(bits.Ports, bits.PortsLength);

    /// <summary>With other filters for these ports; null if nothing is left.</summary>
    public static PortFilters? With(PortFilters? filters, in FilterBits bits, PrefixNode<PrefixNode<EqualFilters>>? addresses)
    {
        PortFilters old = filters ?? new PortFilters(null, null);
        PortFilters changed = bits.HasDestinationPortOnly
            ? old with { ByDestination = old.ByDestination.Set(bits.Ports, bits.PortsLength, addresses) }
            : old with { BySource = old.BySource.Set(bits.Ports, bits.PortsLength, addresses) };
        return changed is { BySource: null, ByDestination: null } ? null : changed;
    }

    /// <summary>The filters, by address, whose ports do not exclude those of a match.</summary>
    public IEnumerable<PrefixNode<PrefixNode<EqualFilters>>> Overlapping(FilterBits bits)
    {
        // The source port is in front of the destination port in one trie and missing in the other.
        (uint ports, int length) = bits.HasDestinationPortOnly ? (0, 0) : (bits.Ports, bits.PortsLength);
        return BySource.Overlapping(ports, length).Concat(ByDestination.Overlapping(bits.DestinationPort, bits.DestinationPortLength));
    }
}

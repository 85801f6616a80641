using NetServ.Packets;

namespace NetServ.Controller.Core.Steering.Filtering;

/// <summary>Goes through the sets of filters that match a packet; allocates nothing.</summary>
internal struct FilterMatches
{
    private readonly uint _ports;
    private readonly uint _destinationPort;
    private readonly uint _destination;
    private readonly uint _source;
    private PrefixMatches<PortFilters> _protocols;
    private PrefixNode<PrefixNode<PrefixNode<EqualFilters>>>? _byDestination;
    private PrefixMatches<PrefixNode<PrefixNode<EqualFilters>>> _addresses;
    private PrefixMatches<PrefixNode<EqualFilters>> _sources;
    private PrefixMatches<EqualFilters> _sets;

    /// <summary>Before the first set.</summary>
    public FilterMatches(PrefixNode<PortFilters>? root, in FlowKey key)
    {
        _ports = FilterBits.OfPorts(key.TpSrc, key.TpDst);
        _destinationPort = FilterBits.OfPort(key.TpDst);
        _destination = key.NwDst.Value;
        _source = key.NwSrc.Value;
        if (key.DlType == EtherTypes.Ipv4)
            _protocols = root.Matching(FilterBits.OfProtocol(key.NwProto));
    }

    /// <summary>Goes on to the next set, null after the last.</summary>
    public EqualFilters? Next()
    {
        while (true)
        {
            if (_sets.Next() is { } set)
                return set;
            if (_sources.Next() is { } sources)
                _sets = sources.Matching(_source);
            else if (_addresses.Next() is { } addresses)
                _sources = addresses.Matching(_destination);
            else if (!NextPorts())
                return null;
        }
    }

    // From the filters with a source port or none to those with a destination port only, and from one protocol to the next.
    private bool NextPorts()
    {
        if (_byDestination is { } byDestination)
        {
            _byDestination = null;
            _addresses = byDestination.Matching(_destinationPort);
            return true;
        }
        if (_protocols.Next() is not { } filters)
            return false;
        _byDestination = filters.ByDestination;
        _addresses = filters.BySource.Matching(_ports);
        return true;
    }
}

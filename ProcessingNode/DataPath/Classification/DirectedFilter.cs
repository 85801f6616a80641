using NetServ.Packets;

namespace NetServ.Node.DataPath.Classification;

/// <summary>One direction of a filter, as seen from the side that its required prefix is on (near) and the other one (far).</summary>
internal sealed class DirectedFilter
{
    private readonly uint _farNetwork;
    private readonly uint _farMask;
    private readonly ushort _farPort;

    private DirectedFilter(FilterEntry entry, int index, bool withPorts)
    {
        PacketFilter filter = entry.Filter;
        Entry = entry;
        Index = index;
        NearPort = withPorts ? filter.Port : (ushort)0;
        _farPort = withPorts ? filter.SourcePort : (ushort)0;
        _farMask = filter.Source.Mask;
        _farNetwork = filter.Source.Address.Value & _farMask;
        Fate = entry.Fate;
        if (withPorts || !filter.NamesPort || filter.Fragments == FragmentMode.Steer)
            return;
        IsPortless = true;
        Fate = filter.Fragments == FragmentMode.Drop ? FilterFate.Drop : FilterFate.PassUnprocessed;
    }

    public FilterEntry Entry { get; }

    /// <summary>Which entry of the classifier.</summary>
    public int Index { get; }

    /// <summary>What is done with a packet that matches: what the entry says, unless the ports cannot be seen.</summary>
    public FilterFate Fate { get; }

    /// <summary>Whether the fate is what the filter says of packets whose ports cannot be seen.</summary>
    public bool IsPortless { get; }

    public byte Protocol => Entry.Filter.Protocol;

    /// <summary>0 for any.</summary>
    public ushort NearPort { get; }

    public Ipv4Prefix Near => Entry.Filter.Destination;

    /// <summary>Whether every packet that fits the near side matches.</summary>
    public bool TakesAnyFar => _farMask == 0 && _farPort == 0;

    /// <param name="entry">The filter.</param>
    /// <param name="index">Its place.</param>
    /// <param name="withPorts">False to match packets whose ports cannot be seen.</param>
    public static DirectedFilter Of(FilterEntry entry, int index, bool withPorts) => new(entry, index, withPorts);

    /// <summary>Whether the far side fits too.</summary>
    public bool TakesFar(uint address, ushort port) => ((address ^ _farNetwork) & _farMask) == 0 && (_farPort == 0 || _farPort == port);
}

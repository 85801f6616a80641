using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>A proactive filter that is divided on one switch.</summary>
/// <param name="filter">The filter.</param>
/// <param name="parts">Its parts.</param>
/// <param name="nodes">The nodes that these are divided among.</param>
internal sealed class DividedFilter(FilterEntry filter, SourceParts parts, CandidateSet nodes)
{
    private readonly Dictionary<Match, long> _last = [];

    /// <summary>The filter as it was when it was divided.</summary>
    public FilterEntry Filter { get; } = filter;

    /// <summary>Its parts.</summary>
    public SourceParts Parts { get; } = parts;

    /// <summary>The nodes that these are divided among.</summary>
    public CandidateSet Nodes { get; set; } = nodes;

    /// <summary>Whether its rules are an earlier life's, and nothing was counted since.</summary>
    public bool IsFound { get; set; }

    /// <summary>How many rules it has that keep from its parts what these are not for.</summary>
    public int Catches { get; set; }

    /// <summary>Parts on the move.</summary>
    public Dictionary<Ipv4Prefix, MovingPart> Moving { get; } = [];

    /// <summary>Packets of parts since they were made even last.</summary>
    public Dictionary<Ipv4Prefix, double> Counts { get; } = [];

    /// <summary>Its parts are those of another one, whose place it takes.</summary>
    public void Inherit(DividedFilter other)
    {
        foreach ((Ipv4Prefix prefix, MovingPart moving) in other.Moving)
        {
            if (Nodes.Contains(moving.From))
                Moving[prefix] = moving;
        }
    }

    /// <summary>Takes a rule's counter; one that was sent again counts from nothing.</summary>
    public void Count(in Match match, long packets)
    {
        long before = _last.GetValueOrDefault(match);
        _last[match] = packets;
        Counts[match.NwSrcPrefix] = Counts.GetValueOrDefault(match.NwSrcPrefix) + (packets >= before ? packets - before : packets);
    }
}

/// <summary>A part whose running flows stay on the node that it came from.</summary>
/// <param name="From">That node.</param>
/// <param name="Until">When it has moved, milliseconds.</param>
internal readonly record struct MovingPart(uint From, long Until);

using System.Collections.Immutable;

namespace NetServ.Controller.Core.Steering;

/// <summary>What is to be done with packets that a certain set of filters matches.</summary>
public sealed class ChainPlan
{
    /// <summary>Most stops of a chain.</summary>
    public const int MostStages = 4;

    /// <summary>The filters that match, in order.</summary>
    public required ImmutableArray<FilterEntry> Filters { get; init; }

    /// <summary>Those that a node serves, in order.</summary>
    public required ImmutableArray<FilterEntry> Served
    {
        get;
        init
        {
            field = value;
            Signature = value.Aggregate(0xcbf2_9ce4_8422_2325, (hash, f) => (hash ^ f.OwnerId) * 0x0000_0100_0000_01b3) | 1;
            IsSpread = value.All(f => f.IsStateless && f.Terms.IsSpread);
            IsBothWays = value.Any(f => f.IsBothWays);
        }
    }

    /// <summary>The stops, in order; none if nobody serves.</summary>
    public required ImmutableArray<ChainStage> Stages { get; init; }

    /// <summary>Served somewhere, but on no chain together with the others.</summary>
    public required ImmutableArray<FilterEntry> LeftOut { get; init; }

    /// <summary>Whether packets are dropped: a fail-closed filter is not served or left out.</summary>
    public required bool IsDropped { get; init; }

    /// <summary>Another one for other modules that packets meet, never 0.</summary>
    public ulong Signature { get; private init; }

    /// <summary>Whether something lies above the forwarding rules for such packets.</summary>
    public bool IsCaught => IsDropped || !Served.IsEmpty;

    /// <summary>Whether packets take a detour.</summary>
    public bool IsSteered => !IsDropped && !Stages.IsEmpty;

    /// <summary>Whose rules they are.</summary>
    public uint OwnerId => Served.IsEmpty ? Filters[0].OwnerId : Served[0].OwnerId;

    /// <summary>Whether packets of one flow may go to several nodes: no module on the way keeps anything, and all who asked for them want it so.</summary>
    public bool IsSpread { get; private init; }

    /// <summary>Whether answers belong where the flow is.</summary>
    public bool IsBothWays { get; private init; }

    /// <summary>
    /// The stop after a node, as an index of <see cref="Stages"/>; their count if there is none. Asked by what the node serves, not by where it stands in a
    /// chain: a packet that was on its way while its flow moved goes on from what has been done with it.
    /// </summary>
    public int StageAfter(uint nodeId)
    {
        int done = -1;
        for (int i = 0; i < Served.Length; i++)
        {
            if (Served[i].RunsOn(nodeId))
                done = i;
        }
        int stage = 0;
        while (done >= 0 && stage < Stages.Length && Stages[stage].Begin <= done)
            stage++;
        return done < 0 ? Stages.Length : stage;
    }

    /// <summary>The first stop of which all filters have their turn after one that is out of force; the count of stops if there is none.</summary>
    public int StageBehind(FilterEntry ended)
    {
        int stage = 0;
        while (stage < Stages.Length && Served[Stages[stage].Begin].IsBefore(ended))
            stage++;
        return stage;
    }

    /// <summary>Whether a node serves any of the filters.</summary>
    public bool Has(uint nodeId)
    {
        foreach (FilterEntry filter in Served)
        {
            if (filter.RunsOn(nodeId))
                return true;
        }
        return false;
    }

    /// <summary>Whether the same filters are served, divided in the same way, as by another plan for the same filters; only the nodes that do it may be others.</summary>
    public bool HasStopsOf(ChainPlan other)
    {
        if (IsDropped != other.IsDropped || Signature != other.Signature || Served.Length != other.Served.Length || Stages.Length != other.Stages.Length)
            return false;
        for (int i = 0; i < Served.Length; i++)
        {
            if (Served[i].OwnerId != other.Served[i].OwnerId)
                return false;
        }
        for (int i = 0; i < Stages.Length; i++)
        {
            if ((Stages[i].Begin, Stages[i].End) != (other.Stages[i].Begin, other.Stages[i].End))
                return false;
        }
        return true;
    }

    /// <summary>Whether a node leaves some of the filters to others, so that what it sends back is not told by its port alone.</summary>
    public bool IsPartOnly(uint nodeId)
    {
        foreach (FilterEntry filter in Served)
        {
            if (!filter.RunsOn(nodeId))
                return true;
        }
        return false;
    }
}

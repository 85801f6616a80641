namespace NetServ.Signaling;

/// <summary>What becomes of a filter's packets while no node can process them (header <c>failure-mode</c>).</summary>
public enum FailureMode
{
    /// <summary>They go the direct way.</summary>
    Open = 0,

    /// <summary>They are dropped.</summary>
    Closed,
}

/// <summary>What becomes of later fragments, which carry no ports, where the filter names ports (header <c>fragments</c>).</summary>
public enum FragmentMode
{
    /// <summary>They pass unprocessed; a gap, and counted as one.</summary>
    Pass = 0,

    /// <summary>They go to a node, whose module sees what has no ports.</summary>
    Steer,

    /// <summary>They are dropped.</summary>
    Drop,
}

/// <summary>How a filter's flows get their rules (header <c>steering</c>).</summary>
public enum SteeringMode
{
    /// <summary>Each flow with its first packet.</summary>
    Reactive = 0,

    /// <summary>All at once, by rules that divide the filter's sources among the nodes.</summary>
    Proactive,
}

/// <summary>How a filter's packets are treated on their detour.</summary>
public sealed record SteeringTerms
{
    /// <summary>Order of a filter where the request names none.</summary>
    public const ushort DefaultOrder = 100;

    /// <summary>All as it is where the request names nothing.</summary>
    public static SteeringTerms Default { get; } = new();

    /// <summary>Where no node can process.</summary>
    public FailureMode FailureMode { get; init; }

    /// <summary>Fragments without ports.</summary>
    public FragmentMode Fragments { get; init; }

    /// <summary>Whether packets of one flow with another type of service may go to another node, if the module says that it keeps nothing (header <c>spread</c>).</summary>
    public bool IsSpread { get; init; }

    /// <summary>When rules are made.</summary>
    public SteeringMode Mode { get; init; }

    /// <summary>Place among filters that match the same packet, lowest first (header <c>filter-order</c>); ties go by owner id.</summary>
    public ushort Order { get; init; } = DefaultOrder;
}

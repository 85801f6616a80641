namespace NetServ.Demo.Measuring;

/// <summary>One flow of the run.</summary>
internal sealed record Flow
{
    /// <summary>Position in the flow table.</summary>
    public required int Index { get; init; }

    /// <summary>What it is, for people: "sip", "dns", ...</summary>
    public required string Kind { get; init; }

    /// <summary>Whether the filter of SETUP names it.</summary>
    public required bool Matching { get; init; }

    /// <summary>Sends only while SETUP or REMOVE is under way.</summary>
    public bool Running { get; init; }

    /// <summary>The flow whose packets this one answers; negative: none.</summary>
    public int AnswerTo { get; init; } = -1;

    /// <summary>The switch port where its sender hangs.</summary>
    public required ushort SenderPort { get; init; }

    /// <summary>Where it has to arrive: one port, or all other hosts' for broadcast and multicast.</summary>
    public required IReadOnlyList<ushort> ReceiverPorts { get; init; }

    /// <summary>Between whom it goes on the Ethernet.</summary>
    public required Link Link { get; init; }

    /// <summary>Its addresses; default where it has none.</summary>
    public Endpoints Tuple { get; init; }
}

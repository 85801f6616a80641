namespace NetServ.Demo.Counting;

/// <summary>What happened to the packets of one phase. Packets are counted once where they were sent, and once where they had to arrive.</summary>
internal sealed record PhaseReport
{
    /// <summary>"before", "installed", "removed".</summary>
    public required string Name { get; init; }

    /// <summary>Flows that the filter names.</summary>
    public required int MatchingFlows { get; init; }

    /// <summary>All other flows; the answers of a server are flows too.</summary>
    public required int OtherFlows { get; init; }

    /// <summary>Packets sent, of all flows.</summary>
    public required long Sent { get; init; }

    /// <summary>Of these, arrived where they had to.</summary>
    public required long Delivered { get; init; }

    /// <summary>Of these, not delivered but answered, without the server having sent an answer.</summary>
    public required long AnsweredByModule { get; init; }

    /// <summary>Sent, neither delivered nor answered.</summary>
    public required long Lost { get; init; }

    /// <summary>Arrivals beyond the first.</summary>
    public required long Duplicated { get; init; }

    /// <summary>Arrivals behind a later packet of their flow.</summary>
    public required long Reordered { get; init; }

    /// <summary>Copies that came out at a port of somebody else.</summary>
    public required long Strayed { get; init; }

    /// <summary>Matching packets that arrived without having passed a node (with the marking module also: without a stamp); counted in "installed".</summary>
    public required long Unprocessed { get; init; }

    /// <summary>Matching packets that passed nodes more than once, or were stamped more than once.</summary>
    public required long ProcessedTwice { get; init; }

    /// <summary>Matching packets that the switch gave to a node.</summary>
    public required long MatchingThroughNodes { get; init; }

    /// <summary>Other packets that the switch gave to a node.</summary>
    public required long OtherThroughNodes { get; init; }

    /// <summary>PacketIns of packets that the flow's sender sent.</summary>
    public required Range PacketInsPerMatchingFlow { get; init; }

    /// <summary>PacketIns after the first packets were through, those of <see cref="PacketInsOfFloods"/> left out.</summary>
    public required int PacketInsAfterSettled { get; init; }

    /// <summary>PacketIns, after that, of packets to group addresses: no rule covers those, the controller floods each.</summary>
    public required int PacketInsOfFloods { get; init; }

    /// <summary>Matching flows by the node that they passed; what differs in Ethernet addresses alone is one flow.</summary>
    public required IReadOnlyDictionary<string, int> PerNode { get; init; }

    /// <summary>Matching flows that passed more than one node.</summary>
    public required int FlowsOnSeveralNodes { get; init; }

    /// <summary>All PacketIns.</summary>
    public required int PacketIns { get; init; }

    /// <summary>All PacketOuts.</summary>
    public required int PacketOuts { get; init; }

    /// <summary>FlowMods that added or changed a rule.</summary>
    public required int FlowMods { get; init; }

    /// <summary>Of these, the ones whose match names one matching flow.</summary>
    public required Range FlowModsPerMatchingFlow { get; init; }
}

/// <summary>Flows that ran while SETUP or REMOVE arrived.</summary>
internal sealed record TransitionReport
{
    /// <summary>"setup" or "remove".</summary>
    public required string Name { get; init; }

    /// <summary>How many flows ran.</summary>
    public required int RunningFlows { get; init; }

    /// <summary>Packets sent, answers included.</summary>
    public required long Sent { get; init; }

    /// <summary>Of these, arrived.</summary>
    public required long Delivered { get; init; }

    /// <summary>Of these, answered by the module.</summary>
    public required long AnsweredByModule { get; init; }

    /// <summary>Neither.</summary>
    public required long Lost { get; init; }

    /// <summary>Arrivals beyond the first.</summary>
    public required long Duplicated { get; init; }

    /// <summary>Arrivals behind a later packet of their flow.</summary>
    public required long Reordered { get; init; }

    /// <summary>From the request's leaving to its acknowledgement, as the command line saw it; milliseconds.</summary>
    public required double AcknowledgedAfterMs { get; init; }

    /// <summary>
    /// From the acknowledgement to the first packet from which on every packet took the new way (through a node after SETUP, straight after REMOVE);
    /// the slowest flow's, milliseconds, 0 where it did before.
    /// </summary>
    public required double SteeredAfterMs { get; init; }

    /// <summary>The same from when the request left, which is when the command line was started; so with its own start and the controller's work in it.</summary>
    public required double SteeredAfterAskedMs { get; init; }
}

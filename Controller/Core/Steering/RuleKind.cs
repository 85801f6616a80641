namespace NetServ.Controller.Core.Steering;

/// <summary>Why a rule of ours is on a switch; four bits of its cookie, so values are never reused.</summary>
public enum RuleKind : byte
{
    /// <summary>Not a rule of ours.</summary>
    None = 0,

    /// <summary>Attachment frames to the controller.</summary>
    Attachment = 1,

    /// <summary>Signaling packets (UDP port 270) to the controller.</summary>
    Signaling = 2,

    /// <summary>What comes back from a node, on to its destination.</summary>
    Return = 3,

    /// <summary>One flow to its node.</summary>
    Steering = 4,

    /// <summary>All packets of one filter to the controller, where a forwarding rule would shadow it.</summary>
    Catch = 5,

    /// <summary>From one address to another, as a learning switch has it.</summary>
    Forwarding = 6,

    /// <summary>One flow that matches a filter but cannot be steered, past the filter's catch rule.</summary>
    Bypass = 7,

    /// <summary>LLDP to the controller.</summary>
    Probe = 8,

    /// <summary>A tagged frame that passes through, towards its node or its destination.</summary>
    Transit = 9,

    /// <summary>One flow from a node on to the next one of its chain, or to its destination where a later filter could match it.</summary>
    Chain = 10,

    /// <summary>What comes from a node and a filter that is not served there could match, to the controller.</summary>
    ChainCatch = 11,

    /// <summary>A part of a filter's sources to a node, before any flow of it is seen.</summary>
    Partition = 12,

    /// <summary>What comes from a node and has no way on yet, to the controller, lest a partition rule sends it round again.</summary>
    Guard = 13,

    /// <summary>Packets that a proactive filter's parts are not for, to the controller: those for groups, and those that come by a link which a part's rule leads to.</summary>
    PartitionCatch = 14,
}

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
}

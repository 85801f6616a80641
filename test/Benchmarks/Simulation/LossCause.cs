namespace NetServ.Benchmarks.Simulation;

/// <summary>What a packet was lost by.</summary>
internal enum LossCause
{
    /// <summary>It was on a link that was cut.</summary>
    CutLink,

    /// <summary>It was in a node that was stopped, or sent there before anybody could know.</summary>
    StoppedNode,

    /// <summary>It was at a switch without its controller, or was on its way to the controller or back when the connection was cut: a miss there is lost.</summary>
    SwitchAlone,

    /// <summary>It came in at a port of which was not known yet what hangs there: it came up, or its switch came back, half a second ago or less.</summary>
    PortProbing,

    /// <summary>It was at a switch when a link of that was cut: a rule led there.</summary>
    BesideCut,

    /// <summary>Nothing had failed there.</summary>
    None,
}

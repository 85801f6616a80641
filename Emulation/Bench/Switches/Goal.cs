namespace NetServ.Bench.Switches;

/// <summary>What a switch is waiting for.</summary>
internal enum Goal
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>FEATURES_REPLY sent, BARRIER_REQUEST received.</summary>
    Barrier,

    /// <summary>FEATURES_REPLY sent.</summary>
    Features,

    /// <summary>A first PACKET_IN forwarded.</summary>
    Forwarded,

    /// <summary>The ECHO_REPLY to the latest ECHO_REQUEST.</summary>
    Echo,
}

namespace NetServ.Benchmarks.Simulation;

/// <summary>Where a packet was seen last.</summary>
internal enum PacketPlace : byte
{
    /// <summary>Nowhere.</summary>
    Unsent = 0,

    /// <summary>On its way into a link.</summary>
    Link,

    /// <summary>On its way into a node.</summary>
    Node,

    /// <summary>On its way into a switch whose session was not at work.</summary>
    SwitchAlone,

    /// <summary>On its way into a port of which was not known yet what hangs there.</summary>
    PortProbing,

    /// <summary>On its way into a switch with its controller.</summary>
    Switch,

    /// <summary>At its destination.</summary>
    Delivered,
}

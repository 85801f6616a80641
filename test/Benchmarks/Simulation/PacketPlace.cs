namespace NetServ.Benchmarks.Simulation;

/// <summary>Where a packet was seen last; for one that was lost, the cause.</summary>
internal enum PacketPlace : byte
{
    /// <summary>Nowhere.</summary>
    Unsent = 0,

    /// <summary>On a link, which was cut.</summary>
    Link,

    /// <summary>In a node, which stopped.</summary>
    Node,

    /// <summary>At a switch without its controller: a miss there is lost.</summary>
    SwitchAlone,

    /// <summary>At a port of which is not known yet what hangs there: it came up, or its switch came back, half a second ago or less.</summary>
    PortProbing,

    /// <summary>At a switch of which a link was cut: a rule led there, or no other way was known.</summary>
    SwitchBesideCut,

    /// <summary>At a switch with all its links and its controller: no way was known, or a packet waited too long.</summary>
    Switch,

    /// <summary>At its destination.</summary>
    Delivered,
}

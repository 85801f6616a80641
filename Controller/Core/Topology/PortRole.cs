namespace NetServ.Controller.Core.Topology;

/// <summary>What hangs at a port, as far as is known; it decides what may be learned and flooded there.</summary>
public enum PortRole
{
    /// <summary>Nothing: no frames pass.</summary>
    Down = 0,

    /// <summary>Not known yet: nobody is learned there, nothing goes out and nothing comes in but probes and attachment frames.</summary>
    Probing,

    /// <summary>Another switch of ours: frames that come in are forwarded, nobody is learned.</summary>
    Link,

    /// <summary>A processing node.</summary>
    Node,

    /// <summary>Hosts, directly or behind a switch that is not ours.</summary>
    Edge,
}

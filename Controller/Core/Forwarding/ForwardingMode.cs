namespace NetServ.Controller.Core.Forwarding;

/// <summary>How what is not steered finds its way.</summary>
public enum ForwardingMode
{
    /// <summary>By links that probes find, shortest paths, and one flood tree for the whole network.</summary>
    Routed = 0,

    /// <summary>Each switch learns for itself; the network has no loop.</summary>
    Learning,
}

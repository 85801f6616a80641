namespace NetServ.Ports;

/// <summary>Whether frames can cross a port.</summary>
public enum PortState
{
    /// <summary>No peer or no carrier; frames sent are dropped and counted.</summary>
    Down = 0,

    /// <summary>Frames cross.</summary>
    Up = 1,

    /// <summary>Disposed, or broken for good; it never comes up again.</summary>
    Closed = 2,
}

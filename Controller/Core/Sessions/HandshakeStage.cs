namespace NetServ.Controller.Core.Sessions;

/// <summary>How far a session has come.</summary>
public enum HandshakeStage
{
    /// <summary>Nothing was heard.</summary>
    Connected = 0,

    /// <summary>It said HELLO.</summary>
    Greeted,

    /// <summary>It said who it is, and another connection of the same switch is at work.</summary>
    Standby,

    /// <summary>It said who it is; its rules are being read.</summary>
    Known,

    /// <summary>Its rules were read; the first barrier is under way.</summary>
    Adopted,

    /// <summary>At work.</summary>
    Done,
}

namespace NetServ.Controller.Core.Sessions;

/// <summary>Which rules a session may add; packets are forwarded one by one as long as theirs are not among them.</summary>
public enum RuleGate
{
    /// <summary>None: what the switch has is not known yet.</summary>
    Closed = 0,

    /// <summary>Those that stay.</summary>
    DurableOnly,

    /// <summary>All.</summary>
    Open,
}

namespace NetServ.Controller.Core.Switches;

/// <summary>What becomes of a connection that says it is a certain switch.</summary>
public enum ClaimOutcome
{
    /// <summary>It is the switch's one connection.</summary>
    Active = 1,

    /// <summary>It waits: another connection of the same peer is the switch's.</summary>
    Standby,

    /// <summary>It is somebody else; an operator should know.</summary>
    Refused,

    /// <summary>It is somebody else, and an operator heard of it a moment ago.</summary>
    RefusedAgain,
}

/// <summary>What has to be done about connections that say they are the same switch.</summary>
public abstract record ClaimChange
{
    private ClaimChange()
    {
    }

    /// <summary>The connection is to be asked whether its peer is still there.</summary>
    public sealed record Ask(long Session) : ClaimChange;

    /// <summary>A standby is the switch's connection from now on.</summary>
    public sealed record TakeOver(long Session) : ClaimChange;

    /// <summary>A connection is to be ended.</summary>
    public sealed record End(long Session, string Reason) : ClaimChange;
}

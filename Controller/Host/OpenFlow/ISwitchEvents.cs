using NetServ.Controller.Core.Sessions;

namespace NetServ.Controller.OpenFlow;

/// <summary>Who hears what the connections have to say; must not block.</summary>
public interface ISwitchEvents
{
    /// <summary>A session said something; called on the loop's thread.</summary>
    void Said(SwitchConnection connection, SessionEvent said);

    /// <summary>A connection ended; called on the loop's thread.</summary>
    void Ended(SwitchConnection connection, string reason);

    /// <summary>A peer did not get as far as a session; called from any thread.</summary>
    void Refused(string reason);
}

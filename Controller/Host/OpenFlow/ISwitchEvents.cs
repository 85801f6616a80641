using NetServ.Controller.Core.Sessions;

namespace NetServ.Controller.OpenFlow;

/// <summary>Who hears what the connections have to say; called on the loop's thread, must not block.</summary>
public interface ISwitchEvents
{
    /// <summary>A session said something.</summary>
    void Said(SwitchConnection connection, SessionEvent said);

    /// <summary>A connection ended.</summary>
    void Ended(SwitchConnection connection, string reason);
}

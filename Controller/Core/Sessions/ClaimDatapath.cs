using NetServ.Controller.Core.Switches;

namespace NetServ.Controller.Core.Sessions;

/// <summary>Asked once, when a switch has said who it is: whether this is its one connection. <paramref name="reason"/> is for whoever is refused.</summary>
public delegate ClaimOutcome ClaimDatapath(ulong dpid, out string? reason);

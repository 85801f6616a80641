using NetServ.Packets;

namespace NetServ.Node.DataPath.Releases;

/// <summary>What a module has to say of a flow.</summary>
/// <param name="OwnerId">Which module.</param>
/// <param name="Flow">Which flow, as it was received.</param>
/// <param name="IsReleased">True: it has seen enough of it, and so has every other module that the flow meets here. False: it calls the flow back.</param>
public readonly record struct FlowNotice(uint OwnerId, FiveTuple Flow, bool IsReleased);

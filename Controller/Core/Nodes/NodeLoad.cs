namespace NetServ.Controller.Core.Nodes;

/// <summary>How much a node had to do since its last heartbeat.</summary>
/// <param name="BusyPerMille">Share of the time that its packet pump worked, 0..1000.</param>
/// <param name="Overruns">Packets that no module could take for lack of room.</param>
public readonly record struct NodeLoad(uint BusyPerMille, uint Overruns);

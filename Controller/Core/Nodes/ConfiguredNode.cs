namespace NetServ.Controller.Core.Nodes;

/// <summary>A node that may connect.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Dpid">The switch it is fixed to, null to find out by attachment frame.</param>
/// <param name="Port">Its port there.</param>
public sealed record ConfiguredNode(string Name, ulong? Dpid = null, ushort Port = 0);

using System.Collections.Immutable;
using NetServ.Packets;

namespace NetServ.Controller.Core.Nodes;

/// <summary>What a node says of itself when it connects.</summary>
/// <param name="Name">Its name, as its token has it.</param>
/// <param name="Capacity">Relative weight, 1 or more.</param>
/// <param name="Addresses">Its own addresses at the switch port.</param>
/// <param name="Version">Its program's version.</param>
/// <param name="Modules">What already runs there.</param>
public sealed record NodeGreeting(string Name, uint Capacity, ImmutableArray<MacAddress> Addresses, string Version, ImmutableArray<ModuleReport> Modules);

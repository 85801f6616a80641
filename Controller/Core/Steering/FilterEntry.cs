using System.Collections.Immutable;
using NetServ.OpenFlow;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Steering;

/// <summary>A filter in force.</summary>
/// <param name="OwnerId">The installed module that it belongs to.</param>
/// <param name="Filter">Which packets.</param>
/// <param name="Match">The same as a match.</param>
/// <param name="ActiveNodes">Ids of the nodes where the module runs.</param>
public sealed record FilterEntry(uint OwnerId, FlowFilter Filter, Match Match, ImmutableArray<uint> ActiveNodes);

using System.Collections.Immutable;
using NetServ.Node.DataPath.Classification;
using NetServ.Node.DataPath.Containers;

namespace NetServ.Node.DataPath.Pump;

/// <summary>What the pump works with during one turn.</summary>
internal sealed record FilterPicture(int Generation, Classifier Classifier, ImmutableArray<IServiceContainer> Containers);

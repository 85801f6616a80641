using NetServ.Node.Containers.Bundles;

namespace NetServ.Node.Containers.Lifecycle;

/// <summary>What is reported of a module.</summary>
/// <param name="OwnerId">Which installed module.</param>
/// <param name="Phase">Where it is in its life.</param>
/// <param name="Refusal">Why it failed; null where it did not.</param>
/// <param name="Counters">Its counters.</param>
public sealed record ModuleStatus(uint OwnerId, ModulePhase Phase, InstallRefusal? Refusal, IReadOnlyDictionary<string, ulong> Counters)
{
    /// <summary>Whether its bundle says that it keeps nothing from one packet to the next.</summary>
    public bool IsStateless { get; init; }
}

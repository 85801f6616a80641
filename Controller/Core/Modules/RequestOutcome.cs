using System.Collections.Immutable;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Modules;

/// <summary>The answer to a request.</summary>
/// <param name="Refusal">Why not, null for success.</param>
/// <param name="Text">What was done, one sentence.</param>
/// <param name="ModuleId">The module.</param>
/// <param name="OwnerId">Its owner id, 0 if it has none.</param>
/// <param name="Nodes">Where it runs.</param>
public sealed record RequestOutcome(RequestRefusal? Refusal, string Text, string ModuleId, uint OwnerId, ImmutableArray<string> Nodes)
{
    /// <summary>A refusal.</summary>
    public static RequestOutcome Refused(RequestRefusal refusal, string moduleId = "") => new(refusal, refusal.Text, moduleId, 0, []);
}

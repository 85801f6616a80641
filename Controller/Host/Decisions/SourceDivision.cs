using NetServ.Controller.Core.Steering;
using NetServ.Controller.OpenFlow;

namespace NetServ.Controller.Decisions;

/// <summary>How the sources of a proactive filter are divided among its nodes, over all switches.</summary>
/// <param name="Parts">Source prefixes, summed over the switches.</param>
/// <param name="Error">The largest amount by which a node's share of the packets was above its share of the weights, on any switch; 0 before anything was counted.</param>
internal readonly record struct SourceDivision(int Parts, double Error)
{
    /// <summary>By owner; none for a filter whose flows get their rules one by one. On the loop.</summary>
    public static Dictionary<uint, SourceDivision> Of(SwitchLoop loop)
    {
        Dictionary<uint, SourceDivision> found = [];
        foreach (SwitchConnection connection in loop.Connections.Values.Where(c => c.Session.IsRunning))
        {
            foreach ((uint owner, SourceParts parts) in connection.Session.State.Divided)
            {
                SourceDivision before = found.GetValueOrDefault(owner);
                found[owner] = new SourceDivision(before.Parts + parts.Count, Math.Max(before.Error, parts.Error));
            }
        }
        return found;
    }
}

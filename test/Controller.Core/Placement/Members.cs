using NetServ.Controller.Core.Placement;

namespace NetServ.Controller.Core.Tests.Placement;

/// <summary>How weights of a test's nodes differ.</summary>
public enum Weights
{
    /// <summary>All are 1.</summary>
    Equal,

    /// <summary>1 to 8.</summary>
    Unequal,

    /// <summary>From 1 to thousands of millions.</summary>
    Extreme,
}

/// <summary>Nodes to place flows on.</summary>
internal static class Members
{
    /// <summary>Nodes with ids from 1 in steps of 3.</summary>
    public static Member[] Of(int nodes, Weights weights)
    {
        Random random = new(nodes);
        return [.. Enumerable.Range(0, nodes).Select(i => new Member((uint)(1 + 3 * i), weights switch
        {
            Weights.Equal => 1,
            Weights.Unequal => (uint)random.Next(1, 9),
            _ => (uint)Math.Exp(random.NextDouble() * 22),
        }))];
    }

    /// <summary>Slots by node id.</summary>
    public static Dictionary<uint, int> Slots(SlotTable table)
    {
        Dictionary<uint, int> slots = [];
        for (int slot = 0; slot < table.Count; slot++)
            slots[table.NodeAt(slot)] = slots.GetValueOrDefault(table.NodeAt(slot)) + 1;
        return slots;
    }
}

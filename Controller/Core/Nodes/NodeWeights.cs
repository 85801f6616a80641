namespace NetServ.Controller.Core.Nodes;

/// <summary>
/// Shifts new flows away from nodes that are busier than the others, slowly: a tenth of a node's weight every half minute, down to half of it, and back. What
/// is placed stays.
/// </summary>
public sealed class NodeWeights(CoreContext context, NodePool nodes)
{
    /// <summary>Tenths of its capacity that a node's weight is at the most.</summary>
    public const uint Full = 10;

    private const uint Least = 5;
    private const int ShiftEvery = 30_000;
    private const double Busy = 700;
    private const double Apart = 200;
    private const double Smoothing = 0.2;

    private long _shiftAt = ShiftEvery;

    /// <summary>A node says how busy it was.</summary>
    internal static void Take(PooledNode node, NodeLoad load) => node.Busy += Smoothing * (load.BusyPerMille - node.Busy);

    internal void Tick()
    {
        if (context.Now < _shiftAt)
            return;
        _shiftAt = context.Now + ShiftEvery;
        PooledNode[] attached = [.. nodes.Attached];
        if (attached.Length < 2)
            return;
        foreach (PooledNode node in attached)
        {
            double others = attached.Where(n => n != node).Average(n => n.Busy);
            uint tenths = node.Busy >= Busy && node.Busy - others >= Apart ? Math.Max(Least, node.WeightTenths - 1)
                : node.Busy - others < Apart / 2 ? Math.Min(Full, node.WeightTenths + 1)
                : node.WeightTenths;
            if (tenths == node.WeightTenths)
                continue;
            node.WeightTenths = tenths;
            context.Changed = true;
            context.Report("node-weight", $"node {node.Name} was busy {node.Busy / 10:0} % of the time, the others {others / 10:0} %: it gets {tenths * 10} % of its share of new flows",
                ("node", node.Name), ("percent", tenths * 10));
        }
    }
}

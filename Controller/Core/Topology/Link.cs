namespace NetServ.Controller.Core.Topology;

/// <summary>A link between ports of two switches, over which probes came both ways.</summary>
/// <param name="A">The lower end.</param>
/// <param name="B">The higher end.</param>
public readonly record struct Link(PortId A, PortId B)
{
    /// <summary>The link between two ports, given in any order.</summary>
    public static Link Between(PortId one, PortId other) => one.IsBefore(other) ? new Link(one, other) : new Link(other, one);

    /// <inheritdoc/>
    public override string ToString() => $"{A} - {B}";
}

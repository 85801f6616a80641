namespace NetServ.Node.DataPath.Classification;

/// <summary>Which direction of a flow a filter means.</summary>
public enum FilterDirection
{
    /// <summary>Packets to its destination.</summary>
    Forward,

    /// <summary>Packets from there: addresses and ports of the filter change sides.</summary>
    Reverse,

    /// <summary>Both.</summary>
    Both,
}

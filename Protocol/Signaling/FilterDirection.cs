namespace NetServ.Signaling;

/// <summary>Which direction of a flow a filter means (header <c>filter-direction</c>).</summary>
public enum FilterDirection
{
    /// <summary>Packets towards the filter's destination.</summary>
    Forward = 0,

    /// <summary>Packets from there: addresses and ports of the filter change sides.</summary>
    Reverse,

    /// <summary>Both, each flow with its answers on one node.</summary>
    Both,
}

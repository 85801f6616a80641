namespace NetServ.Node.DataPath.Classification;

/// <summary>What becomes of packets whose ports cannot be seen, where the filter names one.</summary>
public enum FragmentMode
{
    /// <summary>They are sent back unprocessed.</summary>
    Pass,

    /// <summary>The module sees those that fit in addresses and protocol.</summary>
    Steer,

    /// <summary>Those are dropped.</summary>
    Drop,
}

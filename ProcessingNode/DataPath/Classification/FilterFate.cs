namespace NetServ.Node.DataPath.Classification;

/// <summary>What is done with the packets of a filter.</summary>
public enum FilterFate
{
    /// <summary>The module sees them.</summary>
    Process,

    /// <summary>They are sent back as they came: the module was removed a short time ago, or failed.</summary>
    PassUnprocessed,

    /// <summary>They are dropped: the module failed, or was removed a short time ago, and its owner asked for fail-closed.</summary>
    Drop,
}

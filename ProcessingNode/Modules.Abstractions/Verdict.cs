namespace NetServ.Modules.Abstractions;

/// <summary>What becomes of a packet after a module has seen it.</summary>
public enum Verdict
{
    /// <summary>It goes on, as it now is: to the next module, after the last one back to the network.</summary>
    Pass,

    /// <summary>It ends here; no later module sees it.</summary>
    Drop,
}

namespace NetServ.Node.Containers.Lifecycle;

/// <summary>Where a module is in its life.</summary>
public enum ModulePhase
{
    /// <summary>Its bundle is fetched, its code loaded and started.</summary>
    Installing,

    /// <summary>It sees its packets.</summary>
    Active,

    /// <summary>It was never installed, or threw too often and was stopped.</summary>
    Failed,

    /// <summary>It sees no new packets and is being stopped.</summary>
    Stopping,

    /// <summary>It is gone.</summary>
    Removed,
}

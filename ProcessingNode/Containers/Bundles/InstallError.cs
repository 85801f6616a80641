namespace NetServ.Node.Containers.Bundles;

/// <summary>Every way in which a module can fail to be installed. <see cref="InstallRefusal.Code"/> gives the word reported to the controller.</summary>
public enum InstallError
{
    /// <summary>The bundle could not be downloaded: bad URL, no answer, an HTTP error, a time-out.</summary>
    UnreachableUrl = 1,

    /// <summary>What was downloaded is no module bundle, or not the one that was asked for.</summary>
    NotABundle,

    /// <summary>The bundle has more bytes than this node accepts.</summary>
    BundleTooLarge,

    /// <summary>The SHA-256 of what was downloaded is not the one in the request.</summary>
    WrongChecksum,

    /// <summary>A module that the request or the bundle depends on does not run here for this user.</summary>
    MissingDependency,

    /// <summary>The module's code could not be loaded, or threw, or did not start in time.</summary>
    ModuleStartFailed,
}

namespace NetServ.Node.Containers.Bundles;

/// <summary>Why a module is not installed.</summary>
/// <param name="Error">What went wrong.</param>
/// <param name="Text">One sentence that names the request's field and the way out.</param>
public sealed record InstallRefusal(InstallError Error, string Text)
{
    /// <summary>The code word of the error, the same as in the signaling protocol.</summary>
    public string Code => Error switch
    {
        InstallError.UnreachableUrl => "unreachable-url",
        InstallError.NotABundle => "not-a-bundle",
        InstallError.BundleTooLarge => "bundle-too-large",
        InstallError.WrongChecksum => "wrong-checksum",
        InstallError.MissingDependency => "missing-dependency",
        _ => "module-start-failed",
    };
}

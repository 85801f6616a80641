namespace NetServ.Node.Containers.Bundles;

/// <summary>What the download of a bundle may cost.</summary>
/// <param name="MaxBytes">Most bytes of a bundle.</param>
/// <param name="Timeout">For all tries together; one try has a third of it.</param>
public sealed record BundleLimits(long MaxBytes, TimeSpan Timeout)
{
    /// <summary>16 MiB within 30 s.</summary>
    public static BundleLimits Default { get; } = new(16 * 1024 * 1024, TimeSpan.FromSeconds(30));
}

using NetServ.Node.Containers.Bundles;
using NuGet.Versioning;

namespace NetServ.Node.Containers.Lifecycle;

/// <summary>Whether everything that a module needs runs already, for the same user.</summary>
internal static class DependencyCheck
{
    public static InstallRefusal? Find(InstallCommand command, Bundle bundle, ModuleTable table)
    {
        foreach (string needed in command.Dependencies)
        {
            if (!table.HasWorking(command.User, m => m.Command.OwnerId != command.OwnerId && m.Bundle.IsNamed(needed)))
                return Missing($"dependencies: {needed} does not run here for user {command.User}");
        }
        foreach ((string name, VersionRange versions) in bundle.Dependencies)
        {
            if (!table.HasWorking(command.User, m => m.Bundle.Name == name && versions.Satisfies(m.Bundle.Version)))
                return Missing($"url: bundle {bundle.ModuleId} depends on {name} {versions.ToShortString()}, which does not run here for user {command.User} (a library goes into the bundle by PrivateAssets=\"all\")");
        }
        return null;
    }

    private static InstallRefusal Missing(string what) => new(InstallError.MissingDependency, $"{what}; set that module up first.");
}

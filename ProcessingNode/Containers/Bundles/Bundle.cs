using NuGet.Versioning;

namespace NetServ.Node.Containers.Bundles;

/// <summary>What a bundle says of itself, and its code, not yet loaded.</summary>
public sealed record Bundle
{
    /// <summary>Package id.</summary>
    public required string Name { get; init; }

    /// <summary>Package version.</summary>
    public required NuGetVersion Version { get; init; }

    /// <summary>Full name of the class that implements IModule.</summary>
    public required string EntryClass { get; init; }

    /// <summary>Place among one user's modules, lowest first; 0 does not care and comes last.</summary>
    public required int Order { get; init; }

    /// <summary>Whether what it does with a packet depends on that packet alone, so that its flows may go to another node at any time.</summary>
    public required bool IsStateless { get; init; }

    /// <summary>Modules that have to run already, with the versions that will do.</summary>
    public required IReadOnlyDictionary<string, VersionRange> Dependencies { get; init; }

    /// <summary>Simple name of the assembly with the entry class.</summary>
    public required string MainAssembly { get; init; }

    /// <summary>The assemblies of the bundle by simple name.</summary>
    public required IReadOnlyDictionary<string, byte[]> Assemblies { get; init; }

    /// <summary>Name and version as a request names them, <c>NetServ.Modules.Mark_1.0.0</c>.</summary>
    public string ModuleId => $"{Name}_{Version.ToNormalizedString()}";

    /// <summary>Whether a request or a dependency that names <paramref name="moduleId"/> (name, or name_version) means this bundle.</summary>
    public bool IsNamed(string moduleId) => moduleId == Name || moduleId == ModuleId || moduleId == $"{Name}_{Version.OriginalVersion}";
}

using System.Globalization;
using System.Xml;
using NuGet.Frameworks;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Versioning;

namespace NetServ.Node.Containers.Bundles;

/// <summary>Reads a module bundle: a NuGet package of type <c>NetServModule</c>, as <c>dotnet pack</c> makes it. None of its code runs.</summary>
public static class BundleReader
{
    private const string PackageType = "NetServModule";
    private const long MostUnpacked = 256 * 1024 * 1024;
    private static readonly NuGetFramework s_framework = NuGetFramework.Parse("net10.0");
    private static readonly string[] s_shared = ["NetServ.Modules.Abstractions", "NetServ.Packets"];

    /// <summary>Reads the bundle in <paramref name="bytes"/>.</summary>
    public static Outcome<Bundle> Read(byte[] bytes)
    {
        try
        {
            using PackageArchiveReader package = new(new MemoryStream(bytes, writable: false));
            return Read(package);
        }
        catch (Exception e) when (e is InvalidDataException or PackagingException or XmlException or FormatException or ArgumentException or IOException or InvalidOperationException)
        {
            return No($"it is no NuGet package ({e.Message.TrimEnd('.')})", "serve the .nupkg that dotnet pack makes");
        }
    }

    private static Outcome<Bundle> Read(PackageArchiveReader package)
    {
        NuspecReader nuspec = package.NuspecReader;
        string id = nuspec.GetId();
        NuGetVersion version = nuspec.GetVersion();
        if (!nuspec.GetPackageTypes().Any(t => t.Name == PackageType))
            return No($"package {id} is not of type {PackageType}", "reference the package NetServ.Modules.Abstractions from the module's project and pack it again");
        FrameworkSpecificGroup? lib = NuGetFrameworkUtility.GetNearest(package.GetLibItems(), s_framework);
        if (lib is null)
            return No($"package {id} has no library for net10.0", "set TargetFramework to net10.0");
        Dictionary<string, byte[]> assemblies = [];
        (string Assembly, string Class, int Order, bool? Stateless)? entry = null;
        foreach (string path in lib.Items.Where(p => p.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)))
        {
            byte[]? image = Unpack(package, path);
            if (image is null || AssemblyFacts.Read(image) is not (string name, Dictionary<string, string> facts))
                return No($"{path} in package {id} is no managed assembly", "pack managed code only");
            assemblies[name] = image;
            if (facts.GetValueOrDefault("NetServEntryClass") is { Length: > 0 } entryClass)
                entry = (name, entryClass, ReadOrder(facts), ReadStateless(facts));
        }
        if (entry is not var (assembly, type, order, stateless))
            return No($"package {id} names no entry class", "set NetServEntryClass in the module's project");
        if (order < 0)
            return No($"package {id} has a NetServOrder that is no number from 0 on", "correct it in the module's project");
        if (stateless is null)
            return No($"package {id} has a NetServStateless that is neither true nor false", "correct it in the module's project");
        return new Bundle
        {
            Name = id,
            Version = version,
            EntryClass = type,
            Order = order,
            IsStateless = stateless.Value,
            Dependencies = ReadDependencies(nuspec),
            MainAssembly = assembly,
            Assemblies = assemblies,
        };
    }

    private static int ReadOrder(Dictionary<string, string> facts) =>
        int.TryParse(facts.GetValueOrDefault("NetServOrder", "0"), NumberStyles.None, CultureInfo.InvariantCulture, out int order) ? order : -1;

    // MSBuild writes its own truth in any case.
    private static bool? ReadStateless(Dictionary<string, string> facts) =>
        bool.TryParse(facts.GetValueOrDefault("NetServStateless", "false"), out bool stateless) ? stateless : null;

    private static Dictionary<string, VersionRange> ReadDependencies(NuspecReader nuspec)
    {
        PackageDependencyGroup? group = NuGetFrameworkUtility.GetNearest(nuspec.GetDependencyGroups(), s_framework);
        return (group?.Packages ?? []).Where(d => !s_shared.Contains(d.Id)).ToDictionary(d => d.Id, d => d.VersionRange);
    }

    // The stated size of an entry may lie, so what is unpacked is counted.
    private static byte[]? Unpack(PackageArchiveReader package, string path)
    {
        using Stream stream = package.GetStream(path);
        using MemoryStream whole = new();
        byte[] part = new byte[64 * 1024];
        int count;
        while ((count = stream.Read(part, 0, part.Length)) > 0)
        {
            whole.Write(part, 0, count);
            if (whole.Length > MostUnpacked)
                return null;
        }
        return whole.ToArray();
    }

    private static InstallRefusal No(string what, string wayOut) => new(InstallError.NotABundle, $"url: {what}; {wayOut}.");
}

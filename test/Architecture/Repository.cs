using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace NetServ.Architecture.Tests;

/// <summary>The source tree this assembly was built from: its projects, their references, and what their assemblies use.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Configuration folder under artifacts/bin, taken from where this assembly itself stands.</summary>
    private static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name;

    /// <summary>All hand-written projects outside test/, by their path from the root.</summary>
    public static IReadOnlyList<Project> Projects { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(path => !path.StartsWith("test/", StringComparison.Ordinal) && !path.StartsWith("artifacts/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Project.Load),
    ];

    public static Project ProjectAt(string folder) =>
        Projects.SingleOrDefault(p => p.Folder == folder) ?? throw new ArgumentException($"no project in {folder}");

    /// <summary>Namespaces of other assemblies' types that the built assembly of <paramref name="project"/> refers to.</summary>
    public static IReadOnlyList<string> UsedTypes(Project project)
    {
        string path = Path.Combine(Root, "artifacts/bin", project.Name, Configuration, project.Name + ".dll");
        using PEReader pe = new(File.OpenRead(path));
        MetadataReader metadata = pe.GetMetadataReader();
        return
        [
            .. metadata.TypeReferences
                .Select(handle => metadata.GetTypeReference(handle))
                .Select(type => metadata.GetString(type.Namespace) + "." + metadata.GetString(type.Name)),
        ];
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NetServ.OpenFlow.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the solution was not found above " + AppContext.BaseDirectory);
    }
}

internal sealed record Project(string Folder, string Name, IReadOnlyList<string> References, IReadOnlyList<string> Packages)
{
    public static Project Load(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        XDocument document = XDocument.Load(Path.Combine(Repository.Root, path));
        IEnumerable<string> Includes(string element) =>
            document.Descendants(element).Select(e => (string?)e.Attribute("Include")).OfType<string>();
        return new Project(
            folder,
            Path.GetFileNameWithoutExtension(path),
            [.. Includes("ProjectReference").Select(r => Resolve(folder, r)).Order(StringComparer.Ordinal)],
            [.. Includes("PackageReference").Order(StringComparer.Ordinal)]);
    }

    public override string ToString() => Folder;

    private static string Resolve(string folder, string reference) => Path.GetDirectoryName(
        Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, folder, reference.Replace('\\', '/')))))!;
}

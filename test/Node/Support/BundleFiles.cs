using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using NetServ.Node.Tests.Support;

[assembly: AssemblyMetadata("NetServEntryClass", "NetServ.Node.Tests.Support.FaultyModule")]
[assembly: AssemblyMetadata("NetServOrder", "7")]

namespace NetServ.Node.Tests.Support;

/// <summary>Bundles: those the build packed, and odd ones made here.</summary>
internal static class BundleFiles
{
    public const string MarkId = "NetServ.Modules.Mark_1.0.0";
    public const string FaultyId = "Faulty_1.2.3";

    /// <summary>Where the build leaves its packages: artifacts/package/CONFIGURATION.</summary>
    public static string PackageFolder
    {
        get
        {
            DirectoryInfo bin = new(AppContext.BaseDirectory);
            return Path.Combine(bin.Parent!.Parent!.Parent!.FullName, "package", bin.Name);
        }
    }

    public static byte[] Packed(string name) => File.ReadAllBytes(Path.Combine(PackageFolder, $"{name}.1.0.0.nupkg"));

    public static byte[] Mark => Packed("NetServ.Modules.Mark");

    /// <summary>A bundle around this very assembly, whose entry class is <see cref="FaultyModule"/>.</summary>
    public static byte[] Faulty(string dependencies = "", string type = "NetServModule") =>
        Zip(Nuspec("Faulty", "1.2.3", dependencies, type), ("lib/net10.0/NetServ.Node.Tests.dll", File.ReadAllBytes(typeof(BundleFiles).Assembly.Location)));

    public static byte[] Zip(string nuspec, params (string Path, byte[] Bytes)[] files)
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string path, byte[] bytes) in files.Prepend(("bundle.nuspec", Encoding.UTF8.GetBytes(nuspec))))
            {
                using Stream entry = zip.CreateEntry(path).Open();
                entry.Write(bytes);
            }
        }
        return stream.ToArray();
    }

    public static string Nuspec(string id, string version, string dependencies = "", string type = "NetServModule") => $"""
        <?xml version="1.0"?>
        <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
          <id>{id}</id><version>{version}</version><authors>test</authors><description>test</description>
          <packageTypes><packageType name="{type}" /></packageTypes>
          <dependencies><group targetFramework="net10.0">{dependencies}</group></dependencies>
        </metadata></package>
        """;

    public static byte[] Checksum(byte[] bundle) => SHA256.HashData(bundle);
}

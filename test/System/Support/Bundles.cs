using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using NetServ.Modules.Abstractions;

[assembly: AssemblyMetadata("NetServEntryClass", "NetServ.System.Tests.Support.AwkwardModule")]

namespace NetServ.System.Tests.Support;

/// <summary>Module bundles: those the build packed, and a faulty one made here.</summary>
internal static class Bundles
{
    public const string MarkId = "NetServ.Modules.Mark_1.0.0";
    public const string AwkwardId = "Awkward_1.0.0";

    /// <summary>One that the build packed.</summary>
    public static byte[] Packed(string name) =>
        File.ReadAllBytes(Path.Combine(NetServProcess.Root, "artifacts", "package", new DirectoryInfo(AppContext.BaseDirectory).Name, $"{name}.1.0.0.nupkg"));

    /// <summary>The same module in other bytes: another build of it.</summary>
    public static byte[] Rebuilt(string name)
    {
        using MemoryStream bytes = new();
        bytes.Write(Packed(name));
        using (ZipArchive zip = new(bytes, ZipArchiveMode.Update, leaveOpen: true))
        {
            using StreamWriter note = new(zip.CreateEntry("build.txt").Open());
            note.Write("another build");
        }
        return bytes.ToArray();
    }

    /// <summary>A bundle around this very assembly, whose entry class is <see cref="AwkwardModule"/>.</summary>
    public static byte[] Awkward()
    {
        const string Nuspec = """
            <?xml version="1.0"?>
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
              <id>Awkward</id><version>1.0.0</version><authors>test</authors><description>test</description>
              <packageTypes><packageType name="NetServModule" /></packageTypes>
            </metadata></package>
            """;
        using MemoryStream bytes = new();
        using (ZipArchive zip = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string path, byte[] content) in new[] { ("Awkward.nuspec", Encoding.UTF8.GetBytes(Nuspec)), ("lib/net10.0/NetServ.System.Tests.dll", File.ReadAllBytes(typeof(Bundles).Assembly.Location)) })
            {
                using Stream entry = zip.CreateEntry(path).Open();
                entry.Write(content);
            }
        }
        return bytes.ToArray();
    }
}

/// <summary>A module that throws while it starts; or, with the property <c>busy</c>, takes so many microseconds for each packet.</summary>
public sealed class AwkwardModule : IModule
{
    private TimeSpan _busy;

    /// <inheritdoc/>
    public void Start(ModuleContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.Properties.TryGetValue("busy", out string? busy))
            throw new InvalidOperationException("cannot start today");
        _busy = TimeSpan.FromMicroseconds(int.Parse(busy, CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public Verdict Process(ref Packet packet, IEmitter emitter)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < _busy;)
            Thread.SpinWait(10);
        return Verdict.Pass;
    }

    /// <inheritdoc/>
    public void Stop()
    {
    }
}

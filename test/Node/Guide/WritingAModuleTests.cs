using System.Diagnostics;
using System.Text.RegularExpressions;
using NetServ.Node.Containers.Bundles;
using NetServ.Node.Containers.Lifecycle;
using NetServ.Node.Tests.Support;

namespace NetServ.Node.Tests.Guide;

/// <summary>Does what docs/writing-a-module.md says, outside of the repository, with nothing but its package.</summary>
[CancelAfter(180_000)]
public class WritingAModuleTests
{
    private DirectoryInfo _folder = null!;
    private string _guide = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("netserv-guide-");
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Directory.Packages.props")))
            root = root.Parent;
        _guide = File.ReadAllText(Path.Combine(root!.FullName, "docs", "writing-a-module.md"));
        Directory.CreateDirectory(In("feed"));
        File.Copy(Path.Combine(BundleFiles.PackageFolder, "NetServ.Modules.Abstractions.1.0.0.nupkg"), In("feed/NetServ.Modules.Abstractions.1.0.0.nupkg"));
        Directory.CreateDirectory(In("module"));
        File.WriteAllText(In("module/TtlFloor.cs"), Block("csharp"));
        File.WriteAllText(In("module/Example.TtlFloor.csproj"), Block("xml"));
    }

    [TearDown]
    public void TearDown() => _folder.Delete(recursive: true);

    [Test]
    public async Task Module_written_after_the_guide_packs_installs_and_works()
    {
        await PackAsync();
        await using KeeperRig rig = await KeeperRig.StartAsync();
        byte[] bundle = await File.ReadAllBytesAsync(In("module/Example.TtlFloor.1.0.0.nupkg"));
        ModuleStatus status = await rig.InstallAsync(rig.Command(bundle, "Example.TtlFloor_1.0.0", 1, "alice", ("least", "64")));
        Assert.That(status.Phase, Is.EqualTo(ModulePhase.Active), status.Refusal?.Text);
        byte[] tired = TestFrames.Udp("tired");
        tired[22] = 63;
        rig.Port.Send(tired, TestFrames.Udp("fresh"));
        Assert.That(TestFrames.PayloadText(rig.Port.Receive()), Is.EqualTo("fresh"));
        Assert.That(rig.Keeper.ReadAll().Single().Counters["dropped"], Is.EqualTo(1));
    }

    [Test]
    public async Task Library_referenced_privately_travels_in_the_bundle_and_is_found()
    {
        Directory.CreateDirectory(In("library"));
        File.WriteAllText(In("library/Example.Library.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>
            """);
        File.WriteAllText(In("library/Floor.cs"), "namespace Example.Library; public static class Floor { public static int Least() => 64; }");
        File.WriteAllText(In("module/TtlFloor.cs"), Block("csharp").Replace("_least = 2", "_least = Example.Library.Floor.Least()"));
        File.WriteAllText(In("module/Example.TtlFloor.csproj"), Block("xml").Replace(
            "</ItemGroup>", "<ProjectReference Include=\"../library/Example.Library.csproj\" PrivateAssets=\"all\" /></ItemGroup>"));
        await PackAsync();
        byte[] bytes = await File.ReadAllBytesAsync(In("module/Example.TtlFloor.1.0.0.nupkg"));
        Bundle bundle = BundleReader.Read(bytes).Value!;
        Assert.That(bundle.Assemblies.Keys, Is.EquivalentTo(new[] { "Example.TtlFloor", "Example.Library" }));
        Assert.That(bundle.Dependencies, Is.Empty);
        await using KeeperRig rig = await KeeperRig.StartAsync();
        ModuleStatus status = await rig.InstallAsync(rig.Command(bytes, "Example.TtlFloor_1.0.0"));
        Assert.That(status.Phase, Is.EqualTo(ModulePhase.Active), status.Refusal?.Text);
    }

    private string In(string path) => Path.Combine(_folder.FullName, path);

    private string Block(string language) => Regex.Match(_guide, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    private async Task PackAsync()
    {
        string[] command = Block("sh").Trim().Replace("FEED", In("feed")).Split(' ');
        Assert.That(command[..2], Is.EqualTo(new[] { "dotnet", "pack" }));
        ProcessStartInfo start = new(command[0], command[1..]) { WorkingDirectory = In("module"), RedirectStandardOutput = true };
        // A cache of its own: the machine's may hold an older package of the same version.
        start.Environment["NUGET_PACKAGES"] = In("cache");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach (string leaked in start.Environment.Keys.Where(k => k.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) && k != "MSBUILDDISABLENODEREUSE").ToArray())
            start.Environment.Remove(leaked);
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, output);
    }
}

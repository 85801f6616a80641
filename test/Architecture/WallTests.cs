namespace NetServ.Architecture.Tests;

/// <summary>Each row of docs/decisions/house.md that the compiler alone does not hold.</summary>
public class WallTests
{
    /// <summary>The only project references a project may have. A project missing here fails the test: decide its walls first.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Protocol/Packets"] = [],
        ["Protocol/OpenFlow"] = ["Protocol/Packets"],
        ["Protocol/Signaling"] = ["Protocol/Packets"],
        ["Protocol/Ports"] = ["Protocol/Packets"],
        ["Protocol/Coordination"] = [],
        ["Controller/Core"] = ["Protocol/Packets", "Protocol/OpenFlow", "Protocol/Signaling"],
        ["Controller/Host"] = ["Controller/Core", "Protocol/Coordination"],
        ["Controller/Cli"] = ["Protocol/Coordination", "Protocol/Signaling", "Protocol/OpenFlow"],
        ["ProcessingNode/Modules.Abstractions"] = ["Protocol/Packets"],
        ["ProcessingNode/DataPath"] = ["Protocol/Packets", "Protocol/Ports", "ProcessingNode/Modules.Abstractions"],
        ["ProcessingNode/Containers"] = ["ProcessingNode/DataPath"],
        ["ProcessingNode/Host"] = ["ProcessingNode/Containers", "Protocol/Coordination"],
        ["ProcessingNode/Modules/NetMonitor"] = ["ProcessingNode/Modules.Abstractions"],
        ["ProcessingNode/Modules/KeepAlive"] = ["ProcessingNode/Modules.Abstractions"],
        ["ProcessingNode/Modules/Mark"] = ["ProcessingNode/Modules.Abstractions"],
        ["Emulation/Switch"] = ["Protocol/OpenFlow"],
        ["Emulation/Network"] = ["Emulation/Switch", "Protocol/Ports"],
        ["Emulation/SwitchHost"] = ["Emulation/Switch", "Protocol/Ports"],
        ["Emulation/Bench"] = ["Protocol/OpenFlow"],
        ["Emulation/Demo"] = ["Protocol/OpenFlow", "Protocol/Ports", "Protocol/Coordination", "Protocol/Signaling"],
    };

    private static readonly string[] Io = ["System.Net.Sockets.", "System.IO.File", "System.IO.Directory", "System.Diagnostics.Process.", "System.Threading.Thread."];
    private static readonly string[] Clock = ["System.Diagnostics.Stopwatch", "System.Threading.Timer", "System.Threading.PeriodicTimer"];
    private static readonly string[] Frameworks = ["Microsoft.Extensions.", "Microsoft.AspNetCore.", "Grpc."];
    private static readonly string[] Async = ["System.Threading.Tasks.Task", "System.Threading.Channels."];
    private static readonly string[] Locks = ["System.Threading.Monitor", "System.Threading.Lock", "System.Threading.SemaphoreSlim"];

    private static IEnumerable<TestCaseData> ForbiddenTypes()
    {
        yield return new TestCaseData("Protocol/Packets", (string[])[.. Io, .. Clock, .. Frameworks, .. Async, .. Locks]);
        yield return new TestCaseData("Protocol/OpenFlow", (string[])[.. Io, .. Clock, .. Frameworks, .. Async, .. Locks]);
        yield return new TestCaseData("Protocol/Signaling", (string[])[.. Io, .. Clock, .. Frameworks, .. Async, .. Locks]);
        yield return new TestCaseData("Controller/Core", (string[])[.. Io, .. Clock, .. Frameworks, .. Async, .. Locks]);
        yield return new TestCaseData("Emulation/Switch", (string[])[.. Io, .. Clock, .. Frameworks, .. Async, .. Locks]);
        yield return new TestCaseData("ProcessingNode/DataPath", (string[])[.. Frameworks, .. Async, .. Locks]);
        yield return new TestCaseData("ProcessingNode/Modules.Abstractions", (string[])[.. Io, .. Frameworks]);
        yield return new TestCaseData("Controller/Cli", (string[])["NetServ.Controller."]);
    }

    [Test]
    public void A_project_references_only_what_its_walls_allow([ValueSource(typeof(Repository), nameof(Repository.Projects))] object project)
    {
        Project subject = (Project)project;
        Assert.That(Allowed, Does.ContainKey(subject.Folder), $"{subject.Folder} has no row in the table of walls");
        Assert.That(subject.References, Is.SubsetOf(Allowed[subject.Folder]));
    }

    [Test]
    public void Every_row_of_the_table_has_its_project() =>
        Assert.That(Repository.Projects.Select(p => p.Folder), Is.EquivalentTo(Allowed.Keys));

    [TestCaseSource(nameof(ForbiddenTypes))]
    public void A_project_uses_no_type_that_its_walls_forbid(string folder, string[] forbidden)
    {
        IEnumerable<string> found = Repository.UsedTypes(Repository.ProjectAt(folder))
            .Where(type => forbidden.Any(prefix => type.StartsWith(prefix, StringComparison.Ordinal)));
        Assert.That(found, Is.Empty);
    }

    [TestCase("Controller", "ProcessingNode")]
    [TestCase("Controller", "Emulation")]
    [TestCase("ProcessingNode", "Controller")]
    [TestCase("ProcessingNode", "Emulation")]
    [TestCase("Emulation", "Controller")]
    [TestCase("Emulation", "ProcessingNode")]
    public void Rooms_do_not_reference_each_other(string room, string other)
    {
        IEnumerable<string> found = Repository.Projects
            .Where(p => p.Folder.StartsWith(room + "/", StringComparison.Ordinal))
            .SelectMany(p => p.References)
            .Where(r => r.StartsWith(other + "/", StringComparison.Ordinal));
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void No_project_states_a_package_version_of_its_own()
    {
        IEnumerable<string> found = Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/artifacts/", StringComparison.Ordinal))
            .Where(path => File.ReadAllText(path) is { } text && text.Contains("PackageReference", StringComparison.Ordinal)
                && System.Text.RegularExpressions.Regex.IsMatch(text, "<PackageReference[^>]*\\sVersion="));
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void No_hand_written_file_is_over_600_lines()
    {
        IEnumerable<string> found = Directory.EnumerateFiles(Repository.Root, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/artifacts/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal))
            .Where(path => File.ReadLines(path).Count() > 600)
            .Select(path => Path.GetRelativePath(Repository.Root, path));
        Assert.That(found, Is.Empty);
    }
}

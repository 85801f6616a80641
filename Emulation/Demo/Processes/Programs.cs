namespace NetServ.Demo.Processes;

/// <summary>Where the real programs are: beside the demo, as the build puts them, or where NETSERV_BIN says.</summary>
internal sealed class Programs(WorkFolder folder, Watchdog watchdog)
{
    /// <summary>Folder that holds one folder a project, with one a configuration inside.</summary>
    private const string BinVariable = "NETSERV_BIN";

    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name;

    /// <summary>The folder of module bundles.</summary>
    public static string Bundles => Environment.GetEnvironmentVariable("NETSERV_BUNDLES")
        ?? Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../package", Configuration));

    private static string Bin => Environment.GetEnvironmentVariable(BinVariable) ?? Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../.."));

    /// <summary>The programs that are not there, as a sentence; null if all are.</summary>
    public static string? Missing()
    {
        string[] missing = [.. new[] { "NetServ.Controller", "NetServ.Node", "NetServ.SwitchHost", "NetServ.Cli" }.Select(Dll).Where(p => !File.Exists(p))];
        return missing.Length == 0 ? null : $"not built: {string.Join(", ", missing)}; run ./netserv build, or name their folder in {BinVariable}";
    }

    /// <summary>Starts one of the project's programs.</summary>
    /// <param name="name">For people and the log.</param>
    /// <param name="project">The project's name.</param>
    /// <param name="arguments">Its command line.</param>
    public ChildProcess Start(string name, string project, params IEnumerable<string> arguments) =>
        ChildProcess.Start(name, DotnetHost(), [Dll(project), .. arguments], folder, watchdog, RuntimeSettings);

    /// <summary>Short-lived programs on few cores: compile quickly, keep one heap.</summary>
    private static readonly Dictionary<string, string> RuntimeSettings = new()
    {
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_gcServer"] = "0",
    };

    private static string Dll(string project) => Path.Combine(Bin, project, Configuration, project + ".dll");

    private static string DotnetHost()
    {
        if (Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet")
            return self;
        return Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
            ?? (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } root ? Path.Combine(root, "dotnet") : "dotnet");
    }
}

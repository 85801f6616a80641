namespace NetServ.System.Tests.Support;

/// <summary>Emulation/Demo/recount.py.</summary>
internal static class RecountScript
{
    private static string Script { get; } = Find();

    /// <summary>Counts a recording again and compares it with the JSON that the demo printed.</summary>
    /// <returns>The exit code, and the lines on standard output.</returns>
    public static (int ExitCode, string[] Lines) Run(string recording, string json)
    {
        string file = Path.Combine(recording, "demo.json");
        File.WriteAllText(file, json);
        (int code, string output, string error) = ExternalTool.TryRun("python3", Script, recording, file);
        Assert.That(code, Is.LessThan(2), error);
        Assert.That(error, Is.Empty);
        return (code, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Emulation/Demo/recount.py")))
            folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new FileNotFoundException("recount.py was not found above the tests"), "Emulation/Demo/recount.py");
    }
}

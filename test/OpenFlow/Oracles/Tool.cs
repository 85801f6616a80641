using System.Diagnostics;

namespace NetServ.OpenFlow.Tests.Oracles;

/// <summary>Runs a program of the system; a test that needs one that is missing is skipped with the reason.</summary>
internal static class Tool
{
    public static void Require(string name)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, name))))
            Assert.Ignore($"{name} is not installed");
    }

    /// <summary>Runs the program and hands each line of its output to <paramref name="line"/>.</summary>
    public static void Run(string name, string[] arguments, Action<string> line)
    {
        using Process process = new() { StartInfo = new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        process.ErrorDataReceived += (_, _) => { };
        process.Start();
        process.BeginErrorReadLine();
        while (process.StandardOutput.ReadLine() is { } text)
            line(text);
        process.WaitForExit();
    }

    public static List<string> Run(string name, params string[] arguments)
    {
        List<string> lines = [];
        Run(name, arguments, lines.Add);
        return lines;
    }
}

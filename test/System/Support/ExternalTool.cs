using System.Diagnostics;

namespace NetServ.System.Tests.Support;

/// <summary>Programs of other people; a test that needs one that is missing is skipped with the reason.</summary>
internal static class ExternalTool
{
    /// <summary>Skips the test where one of the programs is missing.</summary>
    public static void Require(params IEnumerable<string> names)
    {
        string[] folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];
        string[] missing = [.. names.Where(name => !folders.Any(folder => File.Exists(Path.Combine(folder, name))))];
        if (missing.Length > 0)
            Assert.Ignore($"not installed: {string.Join(", ", missing)}");
    }

    /// <summary>Runs one to its good end.</summary>
    /// <returns>The lines of its standard output.</returns>
    public static string[] Run(string name, params IEnumerable<string> arguments)
    {
        (int code, string output, string error) = TryRun(name, arguments);
        Assert.That(code, Is.Zero, $"{name} {string.Join(' ', arguments)}: {error}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Runs one, however it ends.</summary>
    public static (int ExitCode, string Output, string Error) TryRun(string name, params IEnumerable<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}

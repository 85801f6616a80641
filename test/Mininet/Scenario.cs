using System.Diagnostics;

namespace NetServ.Mininet.Tests;

/// <summary>A run of mininet-scripts/run.sh in a temporary folder of its own.</summary>
internal sealed class Scenario : IDisposable
{
    /// <summary>run.sh's exit code where something that it needs is missing.</summary>
    private const int CannotRun = 77;

    /// <summary>Every process of the run inherits it.</summary>
    private const string Mark = "NETSERV_MININET_RUN";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly string _folder = Directory.CreateTempSubdirectory("mn-").FullName;
    private readonly List<string> _lines = [];
    private readonly Process _process;

    internal Scenario(string name)
    {
        // Whoever started the tests in the background may have them ignore interrupts, and a shell cannot undo that for itself.
        ProcessStartInfo start = new("env", ["--default-signal=INT", "bash", Path.Combine(Root(), "mininet-scripts", "run.sh"), name]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TMPDIR"] = _folder;
        start.Environment[Mark] = _mark;
        _process = Process.Start(start)!;
    }

    /// <summary>What the run has printed so far.</summary>
    internal string Text => string.Join('\n', _lines);

    /// <summary>Waits for a line that contains the text; false if the run ended without one.</summary>
    internal async Task<bool> PrintsAsync(string text)
    {
        using CancellationTokenSource stop = new(s_patience);
        while (await _process.StandardOutput.ReadLineAsync(stop.Token) is { } line)
        {
            _lines.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    /// <summary>What Ctrl-C does.</summary>
    internal async Task InterruptAsync()
    {
        using Process kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for the end; skips the test where the scenario cannot run.</summary>
    /// <returns>The exit code.</returns>
    internal async Task<int> EndAsync()
    {
        using CancellationTokenSource stop = new(s_patience);
        Task<string> errors = _process.StandardError.ReadToEndAsync(stop.Token);
        _lines.AddRange((await _process.StandardOutput.ReadToEndAsync(stop.Token)).Split('\n'));
        _lines.Add(await errors);
        await _process.WaitForExitAsync(stop.Token);
        if (_process.ExitCode == CannotRun)
            Assert.Ignore(Text.Trim());
        return _process.ExitCode;
    }

    /// <summary>Command lines of processes and paths of files that the run has left.</summary>
    internal List<string> Left()
    {
        List<string> left = [.. Directory.EnumerateFileSystemEntries(_folder, "netserv-*")];
        foreach (string process in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(process, "environ")).Contains($"{Mark}={_mark}", StringComparison.Ordinal))
                    left.Add(File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' '));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile, or is somebody else's.
            }
        }
        return left;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NetServ.OpenFlow.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the solution was not found above " + AppContext.BaseDirectory);
    }
}

using System.Diagnostics;

namespace NetServ.Interop.Tests.Support;

/// <summary>A program that runs beside the test, with what it has said so far.</summary>
internal sealed class ExternalProgram : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> _waiting = [];

    private ExternalProgram(Process process) => _process = process;

    /// <summary>What it has said on both streams.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>Where a program is; the test is ignored when it is not installed.</summary>
    public static string Find(string program)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (path is null)
            Assert.Ignore($"{program} is not installed; test/run.sh installs it");
        return path!;
    }

    public static ExternalProgram Start(string path, params IEnumerable<string> arguments)
    {
        Process process = new() { StartInfo = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        ExternalProgram started = new(process);
        process.OutputDataReceived += (_, e) => started.Heard(e.Data);
        process.ErrorDataReceived += (_, e) => started.Heard(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Runs it to its end and returns what it said; a failure fails the test.</summary>
    public static string Run(string path, params IEnumerable<string> arguments)
    {
        bool good = TryRun(path, arguments, out string output);
        Assert.That(good, $"{path} {string.Join(' ', arguments)}: {output}");
        return output;
    }

    /// <summary>Runs it to its end; false when it fails or takes long.</summary>
    public static bool TryRun(string path, IEnumerable<string> arguments, out string output) => RunToEnd(path, arguments, out output) == 0;

    /// <summary>Runs it to its end and returns the exit code, null when it takes long.</summary>
    public static int? RunToEnd(string path, IEnumerable<string> arguments, out string output)
    {
        using ExternalProgram program = Start(path, arguments);
        bool ended = program._process.WaitForExit(TimeSpan.FromSeconds(20));
        // Without a limit it waits until all output has been read.
        if (ended)
            program._process.WaitForExit();
        output = program.Output;
        return ended ? program._process.ExitCode : null;
    }

    /// <summary>The first line, said already or to come, that has this in it.</summary>
    public async Task<string> Says(string text)
    {
        TaskCompletionSource<string> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool Wanted(string line) => line.Contains(text, StringComparison.Ordinal);
        lock (_lines)
        {
            if (_lines.FirstOrDefault(Wanted) is { } said)
                return said;
            _waiting.Add((Wanted, found));
        }
        try
        {
            return await found.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (TimeoutException)
        {
            throw new AssertionException($"'{text}' was not said, but: {Output}");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Heard(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
        {
            _lines.Add(line);
            foreach ((Func<string, bool> wanted, TaskCompletionSource<string> found) in _waiting)
                if (wanted(line))
                    found.TrySetResult(line);
        }
    }
}

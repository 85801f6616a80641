using System.Diagnostics;
using System.Text;

namespace NetServ.System.Tests.Support;

/// <summary>One `./netserv VERB` as a person starts it: its output, its end, and its signals.</summary>
internal sealed class NetServProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly string _what;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly List<(string Text, TaskCompletionSource<string> Seen)> _awaited = [];
    private readonly Task _pumps;
    private bool _disposed;

    private NetServProcess(Process process, string what)
    {
        _process = process;
        _what = what;
        _pumps = Task.WhenAll(PumpAsync(process.StandardOutput, _output), PumpAsync(process.StandardError, _error));
    }

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Process id of the program.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Standard output so far.</summary>
    public string Out => TextOf(_output);

    /// <summary>Standard error so far.</summary>
    public string Error => TextOf(_error);

    /// <summary>Starts a verb.</summary>
    public static NetServProcess Start(params string[] arguments) => StartWith(null, arguments);

    /// <summary>Starts a verb with environment variables of its own.</summary>
    public static NetServProcess StartWith(IReadOnlyDictionary<string, string>? variables, params string[] arguments)
    {
        ProcessStartInfo start = new(Path.Combine(Root, "netserv"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["NETSERV_CONFIGURATION"] = new DirectoryInfo(AppContext.BaseDirectory).Name is "debug" ? "Debug" : "Release";
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new NetServProcess(Process.Start(start)!, "netserv " + string.Join(' ', arguments));
    }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<NetServRun> RunAsync(params string[] arguments)
    {
        await using NetServProcess process = Start(arguments);
        return await process.WaitForExitAsync(s_patience);
    }

    /// <summary>Waits for a line with this text on either stream.</summary>
    public async Task<string> WaitForLineAsync(string text)
    {
        TaskCompletionSource<string> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_awaited)
        {
            if ((_output.ToString() + _error).Split('\n').FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } there)
                return there;
            _awaited.Add((text, seen));
        }
        Task first = await Task.WhenAny(seen.Task, _pumps, Task.Delay(s_patience));
        if (first != seen.Task && !seen.Task.IsCompleted)
            Assert.Fail($"{_what} did not say '{text}'; it said:\n{Out}{Error}");
        return await seen.Task;
    }

    /// <summary>Waits for the end.</summary>
    public async Task<NetServRun> WaitForExitAsync(TimeSpan within)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(within);
            await _pumps;
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{_what} did not end within {within.TotalSeconds} s; it said:\n{Out}{Error}");
        }
        return new NetServRun(_process.ExitCode, Out, Error);
    }

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    public Task<NetServRun> StopAsync()
    {
        Signal(_process.Id, "TERM");
        return WaitForExitAsync(s_grace);
    }

    /// <summary>Sends a signal.</summary>
    public static void Signal(int process, string signal)
    {
        using Process kill = Process.Start("/bin/kill", [$"-{signal}", process.ToString()]);
        kill.WaitForExit();
    }

    /// <summary>Ends it for certain.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _pumps;
        _process.Dispose();
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "netserv")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("the repository's root, where 'netserv' is");
    }

    private string TextOf(StringBuilder text)
    {
        lock (_awaited)
            return text.ToString();
    }

    private async Task PumpAsync(StreamReader reader, StringBuilder into)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_awaited)
            {
                into.Append(line).Append('\n');
                foreach ((string _, TaskCompletionSource<string> seen) in _awaited.Where(a => line.Contains(a.Text, StringComparison.Ordinal)))
                    seen.TrySetResult(line);
            }
        }
    }
}

/// <summary>What a run of the program left.</summary>
/// <param name="Exit">Its exit code.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record NetServRun(int Exit, string Out, string Error)
{
    /// <summary>Lines of standard output.</summary>
    public string[] OutLines => Lines(Out);

    /// <summary>Lines of standard error.</summary>
    public string[] ErrorLines => Lines(Error);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

using System.Diagnostics;
using System.Text;

namespace NetServ.Demo.Processes;

/// <summary>A program of the demo, running: its output is kept in a log, and it ends with the demo.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int TailLines = 15;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly Watchdog _watchdog;
    private readonly StreamWriter _log;
    private readonly List<(string Text, TaskCompletionSource<string> Seen)> _awaited = [];
    private readonly Queue<string> _tail = [];
    private readonly StringBuilder _output = new();
    private readonly Task _pumps;

    private ChildProcess(string name, Process process, string log, Watchdog watchdog)
    {
        Name = name;
        _process = process;
        _watchdog = watchdog;
        _log = new StreamWriter(log) { AutoFlush = true };
        _watchdog.Add(process.Id);
        _pumps = Task.WhenAll(PumpAsync(process.StandardOutput, true), PumpAsync(process.StandardError, false));
    }

    /// <summary>Called with each line of standard output.</summary>
    public Action<string>? OnOutput { get; set; }

    /// <summary>For people.</summary>
    public string Name { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its standard output so far.</summary>
    public string Output
    {
        get
        {
            lock (_tail)
                return _output.ToString();
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="name">For people and for the log's file name.</param>
    /// <param name="program">Path, or name on PATH.</param>
    /// <param name="arguments">One item an argument, nothing is split.</param>
    /// <param name="folder">Where the log goes; also the working folder.</param>
    /// <param name="watchdog">Ends it should the demo crash.</param>
    /// <param name="environment">Added to ours.</param>
    public static ChildProcess Start(
        string name,
        string program,
        IEnumerable<string> arguments,
        WorkFolder folder,
        Watchdog watchdog,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Root,
        };
        foreach ((string key, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;
        try
        {
            return new ChildProcess(name, Process.Start(start)!, folder.At($"{name}.log"), watchdog);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new DemoException($"{name} does not start: {program}: {e.Message}");
        }
    }

    /// <summary>Waits until a line with this text has come out, on either stream.</summary>
    /// <exception cref="DemoException">It ended, or the time was up, before.</exception>
    public async Task<string> WaitForLineAsync(string text, TimeSpan within, CancellationToken stop)
    {
        TaskCompletionSource<string> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_tail)
        {
            if (_output.ToString().Split('\n').FirstOrDefault(l => l.Contains(text, StringComparison.Ordinal)) is { } line)
                return line;
            _awaited.Add((text, seen));
        }
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task first = await Task.WhenAny(seen.Task, _process.WaitForExitAsync(limit.Token), Task.Delay(within, limit.Token));
        await limit.CancelAsync();
        stop.ThrowIfCancellationRequested();
        return first == seen.Task ? await seen.Task : throw Failure($"did not say '{text}' within {within.TotalSeconds:0} s");
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan within, CancellationToken stop)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(within);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            await _pumps;
            _watchdog.Remove(_process.Id);
            return _process.ExitCode;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw Failure($"did not end within {within.TotalSeconds:0} s");
        }
    }

    /// <summary>An error that shows the end of its log.</summary>
    public DemoException Failure(string what)
    {
        lock (_tail)
        {
            string how = _process.HasExited ? $"ended with exit code {_process.ExitCode}" : what;
            return new DemoException($"{Name} {how}; its last lines:\n" + string.Join('\n', _tail.Select(l => "    " + l)));
        }
    }

    /// <summary>Asks it to end (SIGTERM), and ends it if it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using Process? kill = Process.Start("/bin/kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            using CancellationTokenSource limit = new(Grace);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }
        _watchdog.Remove(_process.Id);
        await _pumps;
        await _log.DisposeAsync();
        _process.Dispose();
    }

    private async Task PumpAsync(StreamReader reader, bool isOutput)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            Keep(line);
            if (isOutput)
                OnOutput?.Invoke(line);
        }
    }

    private void Keep(string line)
    {
        lock (_tail)
        {
            _log.WriteLine(line);
            _output.Append(line).Append('\n');
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
                _tail.Dequeue();
            foreach ((string _, TaskCompletionSource<string> seen) in _awaited.Where(a => line.Contains(a.Text, StringComparison.Ordinal)))
                seen.TrySetResult(line);
        }
    }
}

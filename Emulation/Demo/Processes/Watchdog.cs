using System.Diagnostics;

namespace NetServ.Demo.Processes;

/// <summary>
/// A shell that outlives a crash of the demo: it is told every process's id, and when the demo's end of the pipe closes without a farewell it
/// ends those processes and removes the folder.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private const string Script = """
        trap '' INT TERM HUP
        pids=
        while read -r line; do
            case $line in
                done) exit 0 ;;
                +*) pids="$pids ${line#+}" ;;
                -*) new=; for p in $pids; do [ "$p" = "${line#-}" ] || new="$new $p"; done; pids=$new ;;
            esac
        done
        for p in $pids; do kill -9 "$p" 2>/dev/null; done
        rm -rf "$0"
        """;

    private readonly Process _shell;
    private readonly Lock _gate = new();

    /// <summary>Starts to watch.</summary>
    /// <param name="folder">Removed after a crash.</param>
    public Watchdog(string folder)
    {
        ProcessStartInfo start = new("/bin/sh") { RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Script);
        start.ArgumentList.Add(folder);
        _shell = Process.Start(start)!;
    }

    /// <summary>A process was started.</summary>
    public void Add(int pid) => Tell($"+{pid}");

    /// <summary>A process has ended.</summary>
    public void Remove(int pid) => Tell($"-{pid}");

    /// <inheritdoc/>
    public void Dispose()
    {
        Tell("done");
        _shell.WaitForExit(1000);
        _shell.Dispose();
    }

    private void Tell(string line)
    {
        try
        {
            lock (_gate)
            {
                _shell.StandardInput.WriteLine(line);
                _shell.StandardInput.Flush();
            }
        }
        catch (IOException)
        {
            // Without a watchdog the demo still ends its processes itself.
        }
    }
}

namespace NetServ.Demo.Processes;

/// <summary>A temporary folder with a short name: a Unix socket's path may have 107 bytes.</summary>
internal sealed class WorkFolder : IDisposable
{
    private const int LongestParent = 60;

    /// <summary>Creates it under TMPDIR, or under /tmp where TMPDIR is too long.</summary>
    public WorkFolder()
    {
        string parent = Path.GetTempPath();
        string prefix = Path.Combine(parent.Length <= LongestParent ? parent : "/tmp", "netserv-");
        Root = prefix + Guid.NewGuid().ToString("N")[..8];
        if (OperatingSystem.IsWindows())
            throw new DemoException("the demo needs Unix sockets with paths as Linux and macOS have them", ExitCodes.Usage);
        Directory.CreateDirectory(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>A file in it.</summary>
    public string At(string name) => Path.Combine(Root, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // A process that is still going down wrote into it; the watchdog removes it.
        }
    }
}

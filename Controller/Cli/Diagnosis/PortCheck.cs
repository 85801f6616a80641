using System.Globalization;
using System.Net.NetworkInformation;

namespace NetServ.Cli.Diagnosis;

/// <summary>Looks whether the TCP ports of a controller are free, or held by one.</summary>
internal static class PortCheck
{
    private const string ControllerProgram = "NetServ.Controller";

    /// <summary>Checks one port.</summary>
    /// <param name="port">TCP port.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="needed">Whether another holder is a fault; else it is a note.</param>
    internal static Finding Check(int port, string purpose, bool needed)
    {
        string name = $"port {port}";
        if (!IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port))
            return new Finding(name, Severity.Ok, $"free ({purpose})");
        (int Pid, string Command)? holder = HolderOf(port);
        if (holder is { } found && found.Command.Contains(ControllerProgram, StringComparison.Ordinal))
            return new Finding(name, Severity.Ok, $"held by the controller, process {found.Pid} ({purpose})");
        string who = holder is { } other ? $"process {other.Pid} ({Shortened(other.Command)})" : "a process that this user may not see";
        return new Finding(name, needed ? Severity.Fault : Severity.Note, $"held by {who} ({purpose})", "stop that program, or give the controller another port");
    }

    private static (int Pid, string Command)? HolderOf(int port)
    {
        HashSet<string> sockets = [.. new[] { "/proc/net/tcp", "/proc/net/tcp6" }.SelectMany(table => InodesListeningOn(table, port)).Select(inode => $"socket:[{inode}]")];
        if (sockets.Count == 0)
            return null;
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && Holds(folder, sockets))
                return (pid, CommandOf(folder));
        return null;
    }

    // Columns: number, local address:port in hex, remote, state (0A: listening), ..., inode in the tenth.
    private static IEnumerable<string> InodesListeningOn(string table, int port)
    {
        if (!File.Exists(table))
            yield break;
        string wanted = port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (string line in File.ReadLines(table).Skip(1))
        {
            string[] cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length > 9 && cells[3] == "0A" && cells[1].EndsWith(":" + wanted, StringComparison.Ordinal))
                yield return cells[9];
        }
    }

    private static bool Holds(string processFolder, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(processFolder, "fd")).Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's process, or one that just ended.
            return false;
        }
    }

    private static string CommandOf(string processFolder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(processFolder, "cmdline")).Replace('\0', ' ').Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }

    private static string Shortened(string command)
    {
        const int Most = 60;
        return command.Length <= Most ? command : command[..Most] + "...";
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NetServ.Cli.Diagnosis;

/// <summary>Looks for programs and libraries.</summary>
internal static class ToolCheck
{
    private static readonly string[] s_pcapNames = ["libpcap.so.1", "libpcap.so.0.8", "libpcap.so", "libpcap.dylib", "wpcap.dll"];

    private static readonly (string Program, string Package)[] s_mininet =
        [("mnexec", "mininet"), ("ip", "iproute2"), ("ethtool", "ethtool"), ("ping", "iputils-ping"), ("tcpdump", "tcpdump"), ("sipp", "sip-tester"), ("iperf3", "iperf3"), ("curl", "curl")];

    // Daemons live where a user's PATH does not lead.
    private static readonly string[] s_moreFolders = ["/usr/sbin", "/sbin", "/usr/local/sbin"];

    /// <summary>The .NET that runs this, and whether the SDK that builds is there.</summary>
    internal static async Task<Finding> DotnetAsync(CliEnvironment environment, CancellationToken stop)
    {
        const int Wanted = 10;
        string runtime = $".NET {Environment.Version} runs this";
        string? program = Find("dotnet", environment);
        string sdks = program is null ? "" : await OutputOfAsync(program, "--list-sdks", stop);
        string? sdk = sdks.Split('\n').LastOrDefault(line => int.TryParse(line.Split('.')[0], out int major) && major >= Wanted);
        return sdk is not null
            ? new Finding("dotnet", Severity.Ok, $"{runtime}, SDK {sdk.Split(' ')[0]} builds it")
            : new Finding("dotnet", Severity.Fault, $"{runtime}, but there is no SDK {Wanted} on the PATH", $"install the .NET SDK {Wanted} (dotnet-sdk-{Wanted}.0)");
    }

    /// <summary>Looks for a program that only some uses need.</summary>
    internal static async Task<Finding> ProgramAsync(string name, string uses, string package, CliEnvironment environment, CancellationToken stop)
    {
        if (Find(name, environment) is not { } program)
            return new Finding(name, Severity.Note, $"not found; needed for {uses}", $"apt install {package}");
        string version = (await OutputOfAsync(program, "--version", stop)).Split('\n')[0].Trim();
        return new Finding(name, Severity.Ok, version.Length > 0 ? $"{program}: {version}" : program);
    }

    /// <summary>Looks for all that the scenarios on Mininet run.</summary>
    internal static Finding Mininet(CliEnvironment environment)
    {
        (string Program, string Package)[] missing = [.. s_mininet.Where(tool => Find(tool.Program, environment) is null)];
        return missing.Length == 0
            ? new Finding("mininet", Severity.Ok, "mininet-scripts/run.sh finds its programs")
            : new Finding(
                "mininet",
                Severity.Note,
                $"mininet-scripts/run.sh does not find {string.Join(", ", missing.Select(tool => tool.Program))}",
                $"apt install {string.Join(' ', missing.Select(tool => tool.Package))}");
    }

    /// <summary>Looks for libpcap.</summary>
    internal static Finding Pcap()
    {
        foreach (string name in s_pcapNames)
        {
            if (!NativeLibrary.TryLoad(name, out nint handle))
                continue;
            NativeLibrary.Free(handle);
            return new Finding("libpcap", Severity.Ok, name);
        }
        return new Finding("libpcap", Severity.Note, "not found; needed for node ports on network interfaces by pcap", "apt install libpcap0.8");
    }

    private static string? Find(string name, CliEnvironment environment) =>
        (environment.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(s_moreFolders)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private static async Task<string> OutputOfAsync(string program, string argument, CancellationToken stop)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, argument) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            string output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await errors;
            return output.Trim();
        }
        catch (Exception e) when (e is Win32Exception || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return "";
        }
    }
}

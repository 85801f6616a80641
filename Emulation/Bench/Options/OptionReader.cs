using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NetServ.Bench.Loop;
using NetServ.Bench.Switches;

namespace NetServ.Bench.Options;

/// <summary>Turns the texts of the command line into options and gathers every fault on the way.</summary>
internal sealed class OptionReader
{
    private readonly List<string> _faults = [];

    /// <summary>One sentence each.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Notes a fault that somebody else found.</summary>
    public void Add(string fault) => _faults.Add(fault);

    /// <summary>A number within bounds; <paramref name="otherwise"/> if the option is not given.</summary>
    public int Number(string option, string? text, int otherwise, int least, int most)
    {
        if (text is null)
            return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
            return value;
        _faults.Add($"{option}: '{text}' is not a number from {least} to {most}");
        return otherwise;
    }

    /// <summary>A time in seconds.</summary>
    public TimeSpan Seconds(string option, string? text, TimeSpan otherwise, double least, double most)
    {
        if (text is null)
            return otherwise;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most)
            return TimeSpan.FromSeconds(value);
        _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{option}: '{text}' is not a time in seconds from {least} to {most}, like 2.5"));
        return otherwise;
    }

    /// <summary>The address of the controller.</summary>
    public IPEndPoint Target(string? text)
    {
        IPEndPoint nowhere = new(IPAddress.Loopback, 0);
        if (text is null)
        {
            _faults.Add("--target is missing; say where the controller listens, for example --target 127.0.0.1:6653");
            return nowhere;
        }
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
            _faults.Add($"--target: '{text}' is not HOST:PORT, like 127.0.0.1:6653");
        else if (!TryResolve(text[..colon], out IPAddress? address))
            _faults.Add($"--target: there is no host '{text[..colon]}'; write its IP address");
        else
            return new IPEndPoint(address, port);
        return nowhere;
    }

    /// <summary>Throughput or latency.</summary>
    public BenchMode Mode(string? text)
    {
        if (text is not (null or "throughput" or "latency"))
            _faults.Add($"--mode: '{text}' is unknown; write throughput or latency");
        return text == "latency" ? BenchMode.Latency : BenchMode.Throughput;
    }

    /// <summary>Buffers of a switch.</summary>
    public int Buffers(string? text) => text is null or "none" ? 0 : Number("--buffers", text, 0, 1, 65535);

    /// <summary>What no option alone can say.</summary>
    public void CheckTogether(BenchOptions options)
    {
        if (options.Macs % 2 != 0)
            _faults.Add($"--macs: {options.Macs} is odd; hosts talk in pairs, so give an even number");
        if (options.Greedy > 0 && options.Mode != BenchMode.Latency)
            _faults.Add("--greedy: some switches are greedy while the others measure latency; add --mode latency");
        if (options.Greedy >= options.Switches && options.Greedy > 0)
            _faults.Add($"--greedy: {options.Greedy} of {options.Switches} switches leave nobody whose latency could be measured; give fewer than --switches");
        if (options.Switches + options.Idle > Hosts.MaxSwitches)
            _faults.Add($"--switches and --idle: {options.Switches + options.Idle} are too many; up to {Hosts.MaxSwitches} together");
        if (options.Process is { } process && !ProcessorTime.TryOf(process, out _))
            _faults.Add($"--pid: there is no process {process} on this machine");
        if (options.Cpu >= Environment.ProcessorCount)
            _faults.Add($"--cpu: there is no processor {options.Cpu}; this machine has 0 to {Environment.ProcessorCount - 1}");
    }

    private static bool TryResolve(string host, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPAddress? address)
    {
        try
        {
            address = IPAddress.TryParse(host, out IPAddress? literal) ? literal : Dns.GetHostAddresses(host).FirstOrDefault();
        }
        catch (SocketException)
        {
            address = null;
        }
        return address is not null;
    }
}

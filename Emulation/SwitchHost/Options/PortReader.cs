using System.Globalization;
using NetServ.Emulation.Switch;
using NetServ.OpenFlow;
using NetServ.Ports;

namespace NetServ.SwitchHost.Options;

/// <summary>Reads --port, --ports with --port-dir, and --queue.</summary>
internal sealed class PortReader(List<string> faults)
{
    private readonly List<(ushort Number, PortSpec Spec)> _ports = [];
    private readonly List<(ushort Port, QueueOptions Queue)> _queues = [];

    /// <summary>The ports with their queues, lowest number first.</summary>
    public List<SwitchHostPort> Read(SwitchArguments arguments)
    {
        foreach (string text in arguments.Ports)
            ReadPort(text);
        ReadCount(arguments.PortCount, arguments.PortDirectory);
        foreach (string text in arguments.Queues)
            ReadQueue(text);
        return [.. _ports.OrderBy(p => p.Number).Select(p => new SwitchHostPort(p.Number, p.Spec, [.. _queues.Where(q => q.Port == p.Number).Select(q => q.Queue)]))];
    }

    private void ReadPort(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0 || !TryPortNumber(text[..equals], out ushort number))
            faults.Add($"--port: '{text}' has no number; write NUMBER=PORTSPEC with a number from 1 to {PortNo.Max} or 'local', PORTSPEC being {PortSpec.Forms}");
        else if (!PortSpec.TryParse(text[(equals + 1)..], out PortSpec? spec, out string error))
            faults.Add($"--port {number}: {error}");
        else
            Add(number, spec);
    }

    private void ReadCount(string? text, string? directory)
    {
        if (text is null && directory is null)
            return;
        if (text is null || directory is null)
        {
            faults.Add(text is null ? "--port-dir is for --ports; say how many ports there shall be" : "--ports needs --port-dir: the folder in which the ports listen as port1, port2, ...");
            return;
        }
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 1 or > PortNo.Max)
        {
            faults.Add($"--ports: '{text}' is not a number from 1 to {PortNo.Max}");
            return;
        }
        if (!Directory.Exists(directory))
        {
            faults.Add($"--port-dir: there is no folder '{directory}'; make it first");
            return;
        }
        for (int number = 1; number <= count; number++)
        {
            if (PortSpec.TryParse($"unix-listen:{Path.Combine(directory, $"port{number}")}", out PortSpec? spec, out string error))
            {
                Add((ushort)number, spec);
                continue;
            }
            faults.Add($"--port-dir: {error}");
            return;
        }
    }

    private void Add(ushort number, PortSpec spec)
    {
        if (_ports.Any(p => p.Number == number))
            faults.Add($"--port: number {number} is given twice; give each port a number of its own");
        else
            _ports.Add((number, spec));
    }

    private void ReadQueue(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length is not (2 or 3) || !TryPortNumber(parts[0], out ushort port) || !uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint id) || !TryRate(parts, out ushort rate))
            faults.Add($"--queue: '{text}' is not understood; write PORT:ID or PORT:ID:MIN_RATE, MIN_RATE being tenths of a percent from 0 to 1000, like 2:0:250");
        else if (_ports.All(p => p.Number != port))
            faults.Add($"--queue {text}: there is no port {parts[0]}; add it by --port or --ports");
        else if (_queues.Any(q => q.Port == port && q.Queue.Id == id))
            faults.Add($"--queue: queue {id} of port {parts[0]} is given twice; give each queue of a port an id of its own");
        else
            _queues.Add((port, new QueueOptions(id, rate)));
    }

    private static bool TryRate(string[] parts, out ushort rate)
    {
        rate = QueueOptions.NoMinRate;
        return parts.Length == 2 || (ushort.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out rate) && rate <= 1000);
    }

    private static bool TryPortNumber(string text, out ushort number)
    {
        if (text == "local")
        {
            number = PortNo.Local;
            return true;
        }
        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && PortNo.IsPhysical(number);
    }
}

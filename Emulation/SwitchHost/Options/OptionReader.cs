using System.Globalization;
using NetServ.Emulation.Switch;
using NetServ.OpenFlow;
using NetServ.Ports;

namespace NetServ.SwitchHost.Options;

/// <summary>Turns the texts of the command line into options and gathers every fault on the way.</summary>
internal sealed class OptionReader
{
    private readonly List<string> _faults = [];

    /// <summary>One sentence each.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The options; not to be used when there are faults.</summary>
    public SwitchHostOptions Read(string? datapathId, string[] controllers, string[] listeners, string[] ports, string? buffers, string? tableSize) => new(
        ReadDatapathId(datapathId),
        [.. controllers.Select(text => Address("--controller", ControlAddress.ParseActive(text, out string fault), fault)).OfType<ControlAddress>()],
        [.. listeners.Select(text => Address("--listen", ControlAddress.ParsePassive(text, out string fault), fault)).OfType<ControlAddress>()],
        ReadPorts(ports),
        ReadBuffers(buffers),
        tableSize is null ? 1_000_000 : ReadNumber("--table-size", tableSize, 1, 10_000_000));

    private ControlAddress? Address(string option, ControlAddress? address, string fault)
    {
        if (address is null)
            _faults.Add($"{option}: {fault}");
        return address;
    }

    private ulong ReadDatapathId(string? text)
    {
        bool hex = text?.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ?? false;
        ulong value = 0;
        if (text is null)
            _faults.Add("--dpid is missing; give the switch a number, for example --dpid 1");
        else if (!ulong.TryParse(hex ? text[2..] : text, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out value) || value == 0)
            _faults.Add($"--dpid: '{text}' is no datapath id; write a number from 1 to 0xffffffffffffffff");
        return value;
    }

    private List<(ushort, PortSpec)> ReadPorts(string[] texts)
    {
        List<(ushort Number, PortSpec Spec)> ports = [];
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !TryPortNumber(text[..equals], out ushort number))
                _faults.Add($"--port: '{text}' has no number; write NUMBER=PORTSPEC with a number from 1 to {PortNo.Max} or 'local', PORTSPEC being {PortSpec.Forms}");
            else if (!PortSpec.TryParse(text[(equals + 1)..], out PortSpec? spec, out string error))
                _faults.Add($"--port {number}: {error}");
            else if (ports.Any(p => p.Number == number))
                _faults.Add($"--port: number {number} is given twice; give each port a number of its own");
            else
                ports.Add((number, spec));
        }
        return ports;
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

    private BufferProfile ReadBuffers(string? text)
    {
        if (text is null or "none")
            return BufferProfile.None;
        string[] parts = text.Split(',');
        int count = ReadNumber("--buffers", parts[0], 1, 65535);
        if (parts.Length == 1)
            return new BufferProfile(count);
        if (parts.Length == 2 && parts[1].StartsWith("expire=", StringComparison.Ordinal)
            && double.TryParse(parts[1]["expire=".Length..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 1e6)
            return new BufferProfile(count, TimeSpan.FromSeconds(seconds));
        _faults.Add($"--buffers: '{text}' is not understood; write none, a number, or a number and how long they keep a frame, like 256,expire=1.5");
        return BufferProfile.None;
    }

    private int ReadNumber(string option, string text, int least, int most)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
            return value;
        _faults.Add($"{option}: '{text}' is not a number from {least} to {most}");
        return least;
    }
}

using System.Globalization;
using NetServ.Emulation.Switch;

namespace NetServ.SwitchHost.Options;

/// <summary>Turns the texts of the command line into options and gathers every fault on the way.</summary>
internal sealed class OptionReader
{
    private static readonly TimeSpan s_defaultPatience = TimeSpan.FromSeconds(3);
    private readonly List<string> _faults = [];

    /// <summary>One sentence each.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The options; not to be used when there are faults.</summary>
    public SwitchHostOptions Read(SwitchArguments arguments)
    {
        ulong datapathId = ReadDatapathId(arguments.DatapathId);
        List<ControlAddress> controllers = [.. arguments.Controllers.Select(text => Address("--controller", ControlAddress.ParseActive(text, out string fault), fault)).OfType<ControlAddress>()];
        List<ControlAddress> listeners = [.. arguments.Listeners.Select(text => Address("--listen", ControlAddress.ParsePassive(text, out string fault), fault)).OfType<ControlAddress>()];
        List<SwitchHostPort> ports = new PortReader(_faults).Read(arguments);
        BufferProfile buffers = ReadBuffers(arguments.Buffers);
        int tableSize = arguments.TableSize is { } size ? ReadNumber("--table-size", size, 1, 10_000_000) : 1_000_000;
        (ChannelLoss mode, TimeSpan patience) = ReadChannelLoss(arguments.OnChannelLoss);
        return new SwitchHostOptions(datapathId, controllers, listeners, ports, buffers, tableSize, mode, patience);
    }

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

    private (ChannelLoss Mode, TimeSpan Patience) ReadChannelLoss(string? text)
    {
        TimeSpan patience = s_defaultPatience;
        if (text is null)
            return (ChannelLoss.Secure, patience);
        string[] parts = text.Split(',');
        ChannelLoss? mode = parts[0] switch
        {
            "secure" => ChannelLoss.Secure,
            "standalone" => ChannelLoss.Standalone,
            "emergency" => ChannelLoss.Emergency,
            _ => null,
        };
        if (mode is { } known && (parts.Length == 1 || (parts.Length == 2 && TrySeconds(parts[1], "after=", out patience))))
            return (known, patience);
        _faults.Add($"--on-channel-loss: '{text}' is not understood; write secure, standalone or emergency, and if need be how long the channel may be broken until then, like standalone,after=1.5");
        return (ChannelLoss.Secure, patience);
    }

    private BufferProfile ReadBuffers(string? text)
    {
        if (text is null or "none")
            return BufferProfile.None;
        string[] parts = text.Split(',');
        int count = ReadNumber("--buffers", parts[0], 1, 65535);
        if (parts.Length == 1)
            return new BufferProfile(count);
        if (parts.Length == 2 && TrySeconds(parts[1], "expire=", out TimeSpan lifetime))
            return new BufferProfile(count, lifetime);
        _faults.Add($"--buffers: '{text}' is not understood; write none, a number, or a number and how long they keep a frame, like 256,expire=1.5");
        return BufferProfile.None;
    }

    private static bool TrySeconds(string text, string name, out TimeSpan time)
    {
        double seconds = 0;
        bool good = text.StartsWith(name, StringComparison.Ordinal)
            && double.TryParse(text[name.Length..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds) && seconds is > 0 and < 1e6;
        time = TimeSpan.FromSeconds(seconds);
        return good;
    }

    private int ReadNumber(string option, string text, int least, int most)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
            return value;
        _faults.Add($"{option}: '{text}' is not a number from {least} to {most}");
        return least;
    }
}

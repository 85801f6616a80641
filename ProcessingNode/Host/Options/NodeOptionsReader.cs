using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NetServ.Node.Containers.Bundles;
using NetServ.Packets;
using NetServ.Ports;

namespace NetServ.Node.Options;

/// <summary>Turns what was written into options, and collects every fault on the way.</summary>
public sealed class NodeOptionsReader
{
    private readonly List<string> _faults = [];

    /// <summary>One sentence per fault.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The options; null if there is any fault.</summary>
    public NodeOptions? Read(NodeOptionsText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string name = ReadName(text.Name);
        Uri? controller = ReadController(text.Controller);
        PortSpec? port = ReadPort(text.Port);
        string? token = ReadToken(text.Token, text.TokenFile);
        long capacity = ReadNumber("--capacity", text.Capacity, 1, 1, 65535);
        MacAddress mac = ReadMac(text.Mac, name);
        List<Ipv4Address> addresses = ReadAddresses(text.Addresses);
        long bytes = ReadNumber("--bundle-limit", text.BundleLimit, BundleLimits.Default.MaxBytes, 1, 1L << 30);
        long seconds = ReadNumber("--bundle-timeout", text.BundleTimeout, (long)BundleLimits.Default.Timeout.TotalSeconds, 1, 3600);
        if (_faults.Count > 0 || controller is null || port is null)
            return null;
        return new NodeOptions
        {
            Controller = controller,
            Port = port,
            Name = name,
            IsNamed = text.Name is not null,
            Token = token,
            Capacity = (uint)capacity,
            Mac = mac,
            Addresses = addresses,
            Limits = new BundleLimits(bytes, TimeSpan.FromSeconds(seconds)),
        };
    }

    private string ReadName(string? text)
    {
        string name = text ?? Environment.MachineName;
        if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            _faults.Add($"--name '{name}': use 1 to 64 letters, digits, dots, dashes and underscores");
        return name;
    }

    private Uri? ReadController(string? text)
    {
        if (text is null)
            _faults.Add("--controller is missing: give the controller's address, e.g. http://127.0.0.1:6690");
        else if (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https")
            return uri;
        else
            _faults.Add($"--controller '{text}': use an address like http://127.0.0.1:6690 or https://controller:6690");
        return null;
    }

    private PortSpec? ReadPort(string? text)
    {
        if (text is null)
            _faults.Add($"--port is missing: give {PortSpec.Forms}");
        else if (PortSpec.TryParse(text, out PortSpec? spec, out string error))
            return spec;
        else
            _faults.Add($"--port: {error}");
        return null;
    }

    private string? ReadToken(string? token, string? file)
    {
        if (token is not null && file is not null)
        {
            _faults.Add("--token and --token-file exclude each other: give one");
            return null;
        }
        string option = file is null ? "--token" : "--token-file";
        try
        {
            token = file is null ? token : File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _faults.Add($"--token-file '{file}': {e.Message}");
            return null;
        }
        if (token is not null && (token.Length == 0 || token.Any(c => c is <= ' ' or > '~')))
            _faults.Add($"{option}: a token is one or more printable ASCII characters without spaces");
        return token;
    }

    private long ReadNumber(string option, string? text, long otherwise, long least, long most)
    {
        if (text is null)
            return otherwise;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) || value < least || value > most)
            _faults.Add($"{option} '{text}': use a number from {least} to {most}");
        return value;
    }

    // Without one given: locally administered, and the same for the same name.
    private MacAddress ReadMac(string? text, string name)
    {
        if (text is null)
            return MacAddress.Read([0x02, .. SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 5)]);
        if (!MacAddress.TryParse(text, out MacAddress mac) || mac.IsMulticast || mac.Value == 0)
            _faults.Add($"--mac '{text}': use a unicast address like 02:00:00:00:00:01");
        return mac;
    }

    private List<Ipv4Address> ReadAddresses(IReadOnlyList<string> texts)
    {
        List<Ipv4Address> addresses = [];
        foreach (string text in texts.SelectMany(t => t.Split(',')))
        {
            if (Ipv4Address.TryParse(text, out Ipv4Address address))
                addresses.Add(address);
            else
                _faults.Add($"--ip '{text}': use an IPv4 address like 10.0.0.9");
        }
        return addresses;
    }
}

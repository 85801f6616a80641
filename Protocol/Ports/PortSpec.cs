namespace NetServ.Ports;

/// <summary>The back ends a port may have.</summary>
public enum PortKind
{
    /// <summary>"unix-listen:PATH": a stream Unix socket that waits for its peer.</summary>
    UnixListen,

    /// <summary>"unix:PATH": a stream Unix socket that connects to its peer.</summary>
    Unix,

    /// <summary>"veth:IFNAME": a packet socket on a network interface of Linux.</summary>
    Interface,

    /// <summary>"pcap:IFNAME": a network interface by way of libpcap.</summary>
    Pcap,
}

/// <summary>A port as a person writes it on a command line or in a configuration.</summary>
/// <param name="Kind">Back end.</param>
/// <param name="Target">Path of a socket, or name of an interface.</param>
public sealed record PortSpec(PortKind Kind, string Target)
{
    /// <summary>The forms there are, for help texts.</summary>
    public const string Forms = "unix-listen:PATH, unix:PATH, veth:IFNAME or pcap:IFNAME";

    // IFNAMSIZ less its final zero.
    private const int MaxInterfaceName = 15;

    /// <summary>Reads a specification.</summary>
    /// <param name="text">One of <see cref="Forms"/>.</param>
    /// <param name="spec">The specification, null if the result is false.</param>
    /// <param name="error">What is wrong and how to mend it, empty if the result is true.</param>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PortSpec? spec, out string error)
    {
        spec = null;
        int colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (text is null || colon < 0)
        {
            error = $"port '{text}' has no kind; write {Forms}";
            return false;
        }
        if (KindOf(text[..colon]) is not PortKind kind)
        {
            error = $"port '{text}': there is no kind '{text[..colon]}'; write {Forms}";
            return false;
        }
        string target = text[(colon + 1)..];
        error = FaultOf(kind, target) is string fault ? $"port '{text}': {fault}" : "";
        if (error.Length == 0)
            spec = new PortSpec(kind, target);
        return error.Length == 0;
    }

    /// <summary>Reads a specification; a <see cref="FormatException"/> says what is wrong with it.</summary>
    public static PortSpec Parse(string text) => TryParse(text, out PortSpec? spec, out string error) ? spec : throw new FormatException(error);

    /// <summary>As it is written.</summary>
    public override string ToString() => $"{WordOf(Kind)}:{Target}";

    private static PortKind? KindOf(string word) => word switch
    {
        "unix-listen" => PortKind.UnixListen,
        "unix" => PortKind.Unix,
        "veth" => PortKind.Interface,
        "pcap" => PortKind.Pcap,
        _ => null,
    };

    private static string WordOf(PortKind kind) => kind switch
    {
        PortKind.UnixListen => "unix-listen",
        PortKind.Unix => "unix",
        PortKind.Interface => "veth",
        _ => "pcap",
    };

    private static string? FaultOf(PortKind kind, string target)
    {
        if (kind is PortKind.Unix or PortKind.UnixListen)
        {
            if (target.Length == 0)
                return "the path is missing; write it after the colon";
            int bytes = System.Text.Encoding.UTF8.GetByteCount(target);
            return bytes > UnixPaths.MaxBytes ? $"the socket path has {bytes} bytes, the system allows {UnixPaths.MaxBytes}; choose a shorter directory" : null;
        }
        if (target.Length == 0)
            return "the interface is missing; write its name after the colon";
        return target.Length > MaxInterfaceName || target.Any(c => c is '/' or ' ')
            ? $"'{target}' is no name of an interface; it has at most {MaxInterfaceName} characters, no slash and no space"
            : null;
    }
}

namespace NetServ.OpenFlow;

/// <summary>ofp_port (OpenFlow 1.0.0 section 5.2.1): physical ports are 1..<see cref="Max"/>, the rest is named.</summary>
public static class PortNo
{
    /// <summary>The highest physical port.</summary>
    public const ushort Max = 0xff00;

    /// <summary>Back out of the port the frame came in by; the only way to say so.</summary>
    public const ushort InPort = 0xfff8;

    /// <summary>Through the flow table; in a PACKET_OUT only.</summary>
    public const ushort Table = 0xfff9;

    /// <summary>The switch's own layer 2 and 3.</summary>
    public const ushort Normal = 0xfffa;

    /// <summary>All ports but the ingress port and those with NO_FLOOD.</summary>
    public const ushort Flood = 0xfffb;

    /// <summary>All ports but the ingress port.</summary>
    public const ushort All = 0xfffc;

    /// <summary>To the controller.</summary>
    public const ushort Controller = 0xfffd;

    /// <summary>The switch's own network stack.</summary>
    public const ushort Local = 0xfffe;

    /// <summary>No port.</summary>
    public const ushort None = 0xffff;

    /// <summary>Whether the number names a physical port.</summary>
    public static bool IsPhysical(ushort port) => port is > 0 and <= Max;

    /// <summary>The number, or the name of a reserved port.</summary>
    public static string ToString(ushort port) => port switch
    {
        InPort => "IN_PORT",
        Table => "TABLE",
        Normal => "NORMAL",
        Flood => "FLOOD",
        All => "ALL",
        Controller => "CONTROLLER",
        Local => "LOCAL",
        None => "NONE",
        _ => port.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}

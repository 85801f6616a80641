namespace NetServ.Ports;

/// <summary>Opens ports.</summary>
public static class PortFactory
{
    /// <summary>How long a send waits for a slow peer before it drops, if nothing else is said.</summary>
    public static readonly TimeSpan DefaultSendWait = TimeSpan.FromMilliseconds(50);

    /// <summary>Opens a port. A Unix socket is open before its peer is there; its state tells when it is.</summary>
    /// <param name="spec">What to open.</param>
    /// <param name="name">What to call it; the specification if null.</param>
    /// <param name="sendWait">How long a send waits for a slow peer, <see cref="DefaultSendWait"/> if null.</param>
    /// <exception cref="PortException">It cannot be opened; the message says why and what to do.</exception>
    public static IPort Open(PortSpec spec, string? name = null, TimeSpan? sendWait = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        name ??= spec.ToString();
        TimeSpan wait = sendWait ?? DefaultSendWait;
        return spec.Kind switch
        {
            PortKind.UnixListen => new UnixListenPort(name, spec.Target, wait),
            PortKind.Unix => new UnixConnectPort(name, spec.Target, wait),
            PortKind.Interface => new InterfacePort(name, spec.Target, wait),
            PortKind.Pcap => new PcapPort(name, spec.Target, wait),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Kind, "there is no such kind of port"),
        };
    }
}

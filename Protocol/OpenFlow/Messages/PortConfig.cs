namespace NetServ.OpenFlow;

/// <summary>ofp_port_config (OpenFlow 1.0.0 section 5.2.1).</summary>
[Flags]
public enum PortConfig : uint
{
    None = 0,
    PortDown = 1 << 0,
    NoStp = 1 << 1,
    NoReceive = 1 << 2,
    NoReceiveStp = 1 << 3,
    NoFlood = 1 << 4,
    NoForward = 1 << 5,
    NoPacketIn = 1 << 6,
}

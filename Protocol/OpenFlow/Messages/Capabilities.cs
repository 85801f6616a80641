namespace NetServ.OpenFlow;

/// <summary>ofp_capabilities (OpenFlow 1.0.0 section 5.3.1).</summary>
[Flags]
public enum Capabilities : uint
{
    None = 0,
    FlowStats = 1 << 0,
    TableStats = 1 << 1,
    PortStats = 1 << 2,
    Stp = 1 << 3,
    Reserved = 1 << 4,
    IpReassembly = 1 << 5,
    QueueStats = 1 << 6,
    ArpMatchIp = 1 << 7,
}

namespace NetServ.OpenFlow;

/// <summary>ofp_port_state (OpenFlow 1.0.0 section 5.2.1); the spanning tree state is a number in two bits: listen (no bit), learn, forward, block (both bits).</summary>
[Flags]
public enum PortState : uint
{
    None = 0,
    LinkDown = 1 << 0,
    StpLearn = 1 << 8,
    StpForward = 2 << 8,
    StpBlock = 3 << 8,
}

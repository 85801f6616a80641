namespace NetServ.OpenFlow;

/// <summary>ofp_port_reason (OpenFlow 1.0.0 section 5.4.3).</summary>
public enum PortStatusReason : byte
{
    Add = 0,
    Delete = 1,
    Modify = 2,
}

namespace NetServ.OpenFlow;

/// <summary>ofp_flow_mod_flags (OpenFlow 1.0.0 section 5.3.3).</summary>
[Flags]
public enum FlowModFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Tell when the flow goes.</summary>
    SendFlowRemoved = 1,

    /// <summary>Refuse the flow if one of its priority overlaps.</summary>
    CheckOverlap = 2,

    /// <summary>For the emergency table.</summary>
    Emergency = 4,
}

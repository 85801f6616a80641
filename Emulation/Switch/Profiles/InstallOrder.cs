namespace NetServ.Emulation.Switch.Profiles;

/// <summary>In which order rules reach the hardware.</summary>
public enum InstallOrder
{
    /// <summary>As their FLOW_MODs came.</summary>
    Arrival,

    /// <summary>As it happens between two barriers, and never across one: what the specification allows (OpenFlow 1.0.0 section 5.3.7).</summary>
    BetweenBarriers,

    /// <summary>As it happens, barriers or not.</summary>
    AcrossBarriers,
}

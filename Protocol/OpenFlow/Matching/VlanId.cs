namespace NetServ.OpenFlow;

/// <summary>The reserved VLAN id.</summary>
public static class VlanId
{
    /// <summary>The frame carries no tag (OFP_VLAN_NONE).</summary>
    public const ushort None = 0xffff;
}

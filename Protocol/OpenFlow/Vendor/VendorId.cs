namespace NetServ.OpenFlow;

/// <summary>Vendors we know.</summary>
public static class VendorId
{
    /// <summary>Nicira, whose extensions Open vSwitch speaks.</summary>
    public const uint Nicira = 0x00002320;
}

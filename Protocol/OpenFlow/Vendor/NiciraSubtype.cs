namespace NetServ.OpenFlow;

/// <summary>Subtypes of Nicira's vendor messages and actions.</summary>
public static class NiciraSubtype
{
    public const int RoleRequest = 10;
    public const int RoleReply = 11;
    public const int SetControllerId = 20;

    /// <summary>The action that decrements the TTL.</summary>
    public const ushort DecTtlAction = 18;

    /// <summary>The action that sends to the controller connections of one id.</summary>
    public const ushort ControllerAction = 20;
}

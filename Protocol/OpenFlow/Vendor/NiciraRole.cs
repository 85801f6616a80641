namespace NetServ.OpenFlow;

/// <summary>Roles of a controller at a switch (Nicira).</summary>
public enum NiciraRole : uint
{
    /// <summary>Full access, the default.</summary>
    Other = 0,

    /// <summary>Full access, one controller at the most.</summary>
    Primary = 1,

    /// <summary>May read only.</summary>
    Secondary = 2,
}

namespace NetServ.Emulation.Switch;

/// <summary>What a switch does without a controller (OpenFlow 1.0.0 section 4.3 knows <see cref="Emergency"/> only).</summary>
public enum ChannelLoss
{
    /// <summary>The table stays, misses are dropped.</summary>
    Secure,

    /// <summary>The table stays, misses go as OFPP_NORMAL.</summary>
    Standalone,

    /// <summary>The emergency flow table takes the place of the table, whose entries are deleted.</summary>
    Emergency,
}

namespace NetServ.OpenFlow;

/// <summary>ofp_stats_reply_flags (OpenFlow 1.0.0 section 5.3.5).</summary>
[Flags]
public enum StatsReplyFlags : ushort
{
    None = 0,

    /// <summary>More parts follow.</summary>
    More = 1,
}

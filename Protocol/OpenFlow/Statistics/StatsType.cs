namespace NetServ.OpenFlow;

/// <summary>ofp_stats_types (OpenFlow 1.0.0 section 5.3.5).</summary>
public enum StatsType : ushort
{
    Desc = 0,
    Flow = 1,
    Aggregate = 2,
    Table = 3,
    Port = 4,
    Queue = 5,
    Vendor = 0xffff,
}

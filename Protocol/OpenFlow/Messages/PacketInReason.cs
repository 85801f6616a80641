namespace NetServ.OpenFlow;

/// <summary>ofp_packet_in_reason (OpenFlow 1.0.0 section 5.4.1).</summary>
public enum PacketInReason : byte
{
    /// <summary>No flow matched.</summary>
    NoMatch = 0,

    /// <summary>A flow sent it.</summary>
    Action = 1,

    /// <summary>The TTL ran out (Nicira).</summary>
    InvalidTtl = 2,
}

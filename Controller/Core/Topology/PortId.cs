namespace NetServ.Controller.Core.Topology;

/// <summary>A port in the network.</summary>
/// <param name="Dpid">Its switch.</param>
/// <param name="Port">Its number there.</param>
public readonly record struct PortId(ulong Dpid, ushort Port)
{
    /// <summary>Whether it comes before another: by switch, then by number.</summary>
    public bool IsBefore(PortId other) => Dpid == other.Dpid ? Port < other.Port : Dpid < other.Dpid;

    /// <summary>Sixteen hex digits, a colon, the number.</summary>
    public override string ToString() => $"{Dpid:x16}:{Port}";
}

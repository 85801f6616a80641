using NetServ.Packets;

namespace NetServ.Scenarios.Scale;

/// <summary>Where packets are seen.</summary>
internal enum SpotKind
{
    Host,
    Node,
    Switch,
}

/// <summary>A port of a device.</summary>
/// <param name="Kind">What the device is.</param>
/// <param name="Device">Its index among those of its kind.</param>
/// <param name="Port">The port, of a switch; 0 otherwise.</param>
/// <param name="Name">As it is told.</param>
internal sealed record Spot(SpotKind Kind, int Device, ushort Port, string Name);

/// <summary>A packet was seen.</summary>
/// <param name="At">When.</param>
/// <param name="Spot">Where.</param>
/// <param name="Outbound">Whether the device sent it.</param>
/// <param name="Vlan">Its VLAN id then.</param>
/// <param name="Letters">The modules that it had been through.</param>
internal readonly record struct Sighting(TimeSpan At, Spot Spot, bool Outbound, ushort Vlan, string Letters);

/// <summary>A flow between two hosts.</summary>
internal sealed record TestFlow(Station From, Station To, ushort SourcePort, ushort DestinationPort)
{
    /// <summary>What filters see of it.</summary>
    public FlowKey Key => new()
    {
        DlSrc = From.Host.Mac,
        DlDst = To.Host.Mac,
        DlVlan = From.Vlan,
        DlType = EtherTypes.Ipv4,
        NwProto = IpProtocols.Udp,
        NwSrc = From.Host.Address,
        NwDst = To.Host.Address,
        TpSrc = SourcePort,
        TpDst = DestinationPort,
    };

    public override string ToString() => $"{From.Name} -> {To.Name} {SourcePort}>{DestinationPort}";
}

/// <summary>A packet with all that is known of it.</summary>
internal sealed class SentPacket(uint id, TestFlow flow, TimeSpan at, int enteredAt)
{
    public uint Id { get; } = id;

    public TestFlow Flow { get; } = flow;

    public TimeSpan At { get; } = at;

    /// <summary>Index of the switch where its sender was.</summary>
    public int EnteredAt { get; } = enteredAt;

    public List<Sighting> Seen { get; } = [];

    /// <summary>What its destination got: letters of each copy.</summary>
    public List<string> Delivered { get; } = [];

    /// <summary>Where it was in a VLAN that nobody may see there.</summary>
    public string? Leak { get; set; }

    public TimeSpan LastSeen => Seen.Count == 0 ? At : Seen[^1].At;

    public string Journey() => string.Join("\n", Seen.Select(s =>
        $"      {s.At.TotalMilliseconds,12:0.000} {(s.Outbound ? "out of" : "into  ")} {s.Spot.Name}{(s.Vlan == FlowKey.NoVlan ? "" : $" vlan {s.Vlan}")} '{s.Letters}'"));
}

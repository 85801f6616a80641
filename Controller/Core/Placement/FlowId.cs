using NetServ.Packets;

namespace NetServ.Controller.Core.Placement;

/// <summary>What is pinned to nodes: a flow, by addresses, ports, protocol and VLAN, not by switch, port or MAC.</summary>
/// <param name="Tuple">The flow.</param>
/// <param name="Tos">Its type of service where flows of stateless modules are spread by it, else <see cref="AnyTos"/>.</param>
public readonly record struct FlowId(FiveTuple Tuple, byte Tos)
{
    /// <summary>A flow is one, whatever its type of service: the lowest two bits are never matched (OpenFlow 1.0.0 section 5.2.3).</summary>
    public const byte AnyTos = 0xff;

    /// <summary>The answers.</summary>
    public FlowId Reverse() => this with { Tuple = Tuple.Reverse() };

    /// <summary>The same for a flow and its answers.</summary>
    public ulong Hash64()
    {
        FiveTuple back = Tuple.Reverse();
        bool swap = (Tuple.NwSrc.Value, Tuple.TpSrc).CompareTo((back.NwSrc.Value, back.TpSrc)) > 0;
        return (swap ? back : Tuple).Hash64(Tos);
    }
}

using NetServ.Modules.Abstractions;
using NetServ.Node.DataPath.Classification;
using NetServ.Packets;

namespace NetServ.Node.DataPath.Containers;

/// <summary>What is known of a packet in the pool, beside its bytes.</summary>
public struct PacketState
{
    /// <summary>Bytes in the frame.</summary>
    public int Length { get; set; }

    /// <summary>The modules to visit in the container it is in.</summary>
    public ContainerRoute? Route { get; set; }

    /// <summary>What the container made of it.</summary>
    public Verdict Verdict { get; set; }

    /// <summary>The flow it belonged to when it was received.</summary>
    public FiveTuple Flow { get; set; }

    /// <summary>Which modules of the route released the flow, the first one in bit 0.</summary>
    public ulong Released { get; set; }

    /// <summary>Whether a module made the frame; the addresses below are then those of the packet it saw.</summary>
    public bool Emitted { get; set; }

    internal PacketAction? Action { get; set; }

    internal int Step { get; set; }

    internal int ModulesBefore { get; set; }

    internal int ReceivedLength { get; set; }

    internal ulong DestinationMac { get; set; }

    internal ulong SourceMac { get; set; }

    internal uint Destination { get; set; }

    internal int Generation { get; set; }
}

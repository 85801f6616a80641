namespace NetServ.Demo.Measuring;

/// <summary>Where a packet was seen.</summary>
internal enum SightingKind : byte
{
    /// <summary>On a port's socket, towards the switch.</summary>
    IntoSwitch,

    /// <summary>On a port's socket, away from the switch.</summary>
    OutOfSwitch,

    /// <summary>In a PacketIn of that ingress port.</summary>
    PacketIn,

    /// <summary>In a PacketOut that carries its data.</summary>
    PacketOut,
}

/// <summary>What a frame is, by its own bytes.</summary>
/// <param name="Flow">Index in the flow table; negative: <see cref="Stranger"/> or <see cref="Housekeeping"/>.</param>
/// <param name="Key">The same for every copy of one packet, whatever a module changes in it; unique within its flow. An answer has the key of what it answers.</param>
/// <param name="Phase">The part of the run in which it was sent.</param>
/// <param name="Stamp">How many times the marking module stamped it.</param>
internal readonly record struct Identity(int Flow, ulong Key, PhaseCode Phase, byte Stamp)
{
    /// <summary>Flow of a frame that a host may have sent but that is none of the counted traffic.</summary>
    public const int Stranger = -1;

    /// <summary>Flow of attachment frames, ARP and other frames that belong to running the network.</summary>
    public const int Housekeeping = -2;
}

/// <summary>One packet, seen once, at one place.</summary>
internal readonly record struct Sighting(long Time, Identity Identity, ushort Port, SightingKind Kind);

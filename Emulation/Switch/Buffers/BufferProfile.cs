namespace NetServ.Emulation.Switch;

/// <summary>
/// How many frames the switch keeps for the controller, <paramref name="Count"/> 0..65535, and for how long. A frame that finds no place is sent
/// to the controller whole.
/// </summary>
public sealed record BufferProfile(int Count, TimeSpan? Lifetime = null)
{
    /// <summary>Every PACKET_IN carries the whole frame.</summary>
    public static BufferProfile None { get; } = new(0);
}

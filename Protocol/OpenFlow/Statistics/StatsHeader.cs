namespace NetServ.OpenFlow;

/// <summary>What every statistics message begins with.</summary>
internal static class StatsHeader
{
    /// <summary>Bytes of header, type and flags.</summary>
    public const int Size = 12;
}

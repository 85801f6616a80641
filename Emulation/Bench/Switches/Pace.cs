namespace NetServ.Bench.Switches;

/// <summary>How a switch sends its PACKET_INs.</summary>
internal enum Pace
{
    /// <summary>Not at all; one that is begun is finished.</summary>
    Quiet,

    /// <summary>As many as TCP takes.</summary>
    Flood,

    /// <summary>The next when the one before is answered.</summary>
    OneByOne,
}

namespace NetServ.Benchmarks.Channel;

/// <summary>How the trivial controller answers.</summary>
internal sealed record TrivialManners
{
    /// <summary>Answers the first of so many PACKET_INs; 0 answers none.</summary>
    public int AnswersOneOf { get; init; } = 1;

    /// <summary>Whether an answer is a FLOW_MOD: with the buffer's id if there is one.</summary>
    public bool SendsFlowMod { get; init; }

    /// <summary>Whether an answer is, or ends with, a PACKET_OUT.</summary>
    public bool SendsPacketOut { get; init; } = true;

    /// <summary>Whether each answer is sent so often.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Whether a PACKET_OUT without actions goes before each answer.</summary>
    public bool ReleasesBuffer { get; init; }

    /// <summary>Whether an LLDP frame of its own goes before each answer.</summary>
    public bool SendsLldp { get; init; }

    /// <summary>Whether a BARRIER_REQUEST follows the FEATURES_REPLY.</summary>
    public bool SendsBarrier { get; init; } = true;

    /// <summary>Whether it asks for everything there is to ask.</summary>
    public bool IsCurious { get; init; }

    /// <summary>Whether it says anything at all.</summary>
    public bool IsMute { get; init; }

    /// <summary>Version of its HELLO and FEATURES_REQUEST.</summary>
    public byte Version { get; init; } = 1;

    /// <summary>Closes a connection after so many PACKET_INs; 0 for never.</summary>
    public int ClosesAfter { get; init; }

    /// <summary>Closes a connection at the HELLO.</summary>
    public bool ClosesAtHello { get; init; }
}

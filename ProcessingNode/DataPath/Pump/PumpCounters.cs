namespace NetServ.Node.DataPath.Pump;

/// <summary>What became of the frames since the pump started.</summary>
public readonly record struct PumpCounters
{
    /// <summary>Frames that came in.</summary>
    public long Received { get; init; }

    /// <summary>Frames that went out.</summary>
    public long Sent { get; init; }

    /// <summary>Frames the port would not take.</summary>
    public long SendFailed { get; init; }

    /// <summary>Packets that were given to at least one container.</summary>
    public long Processed { get; init; }

    /// <summary>Packets of a filter that was removed or whose module failed, sent back as they came.</summary>
    public long PassedUnprocessed { get; init; }

    /// <summary>Packets whose ports cannot be seen (later fragments, malformed), sent back as they came.</summary>
    public long PassedPortless { get; init; }

    /// <summary>Packets whose ports cannot be seen, dropped as their filter asks.</summary>
    public long DroppedPortless { get; init; }

    /// <summary>Packets that no container could take for lack of room, sent back as they came or dropped where their owner asked for it.</summary>
    public long Overrun { get; init; }

    /// <summary>Frames of no filter, dropped.</summary>
    public long Strangers { get; init; }

    /// <summary>Packets of a fail-closed filter that has no working module, dropped.</summary>
    public long FailedClosed { get; init; }

    /// <summary>Packets that a module dropped.</summary>
    public long DroppedByModule { get; init; }

    /// <summary>Frames that a module made and that went out.</summary>
    public long Emitted { get; init; }

    /// <summary>Frames from a module that failed the check before they would have left.</summary>
    public long Illegal { get; init; }

    /// <summary>Frames with the EtherType of attachment, handed to the node itself or dropped.</summary>
    public long Attachment { get; init; }

    /// <summary>Probes of the controller that were answered.</summary>
    public long Probes { get; init; }

    /// <summary>Time it spent on packets, waiting left out.</summary>
    public TimeSpan Busy { get; init; }

    /// <summary>Frames that came in and did not go out because the node dropped them, modules' own verdicts left out.</summary>
    public long Dropped => Strangers + FailedClosed + DroppedPortless + Illegal + SendFailed;
}

namespace NetServ.OpenFlow;

/// <summary>Why bytes are not a message.</summary>
public enum DecodeErrorCode : byte
{
    /// <summary>No error.</summary>
    None,

    /// <summary>The length in the header is below the size of the header: where the next message starts is unknown. Fatal.</summary>
    BadFrameLength,

    /// <summary>Not OpenFlow 1.0; only HELLO and ERROR may carry another version. Fatal.</summary>
    BadVersion,

    /// <summary>Fewer bytes than the length in the header says.</summary>
    Truncated,

    /// <summary>More bytes than the length in the header says.</summary>
    TrailingBytes,

    /// <summary>Not a value of ofp_type.</summary>
    UnknownType,

    /// <summary>Not a value of ofp_stats_types.</summary>
    UnknownStatsType,

    /// <summary>A message, but not the one the decoder reads.</summary>
    UnexpectedType,

    /// <summary>The message is shorter than its fixed part.</summary>
    TooShort,

    /// <summary>The message is longer than its fixed part and has no variable part, or does not end where an element ends.</summary>
    BadLength,

    /// <summary>A length inside the message reaches beyond what holds it, or does not fit its type.</summary>
    BadElementLength,

    /// <summary>Not a value of ofp_action_type.</summary>
    UnknownAction,

    /// <summary>Not a vendor action of that vendor.</summary>
    UnknownVendorAction,

    /// <summary>Not a value of ofp_queue_properties.</summary>
    UnknownQueueProperty,
}

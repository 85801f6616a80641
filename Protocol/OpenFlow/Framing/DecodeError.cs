namespace NetServ.OpenFlow;

/// <summary>
/// Why bytes are not a message: the field at fault as the specification names it (for example "ofp_match.nw_src") and its offset in bytes
/// from the start of the message.
/// </summary>
public readonly record struct DecodeError(DecodeErrorCode Code, string Field, int Offset)
{
    /// <summary>What the field holds, or how many bytes there are.</summary>
    public uint Found { get; init; }

    /// <summary>What it should hold, or how many bytes there should be at the least; 0 when no one value is right.</summary>
    public uint Expected { get; init; }

    /// <summary>Whether the stream cannot go on: framing is lost or the peer speaks another protocol. Otherwise only this message is lost.</summary>
    public bool IsFatal => Code is DecodeErrorCode.BadFrameLength or DecodeErrorCode.BadVersion;

    /// <summary>The error that a switch answers with (OpenFlow 1.0.0 section 5.4.4).</summary>
    public ErrorCode Answer => Code switch
    {
        DecodeErrorCode.BadVersion => ErrorCode.BadRequestBadVersion,
        DecodeErrorCode.UnknownType or DecodeErrorCode.UnexpectedType => ErrorCode.BadRequestBadType,
        DecodeErrorCode.UnknownStatsType => ErrorCode.BadRequestBadStat,
        DecodeErrorCode.UnknownAction => ErrorCode.BadActionBadType,
        DecodeErrorCode.UnknownVendorAction => ErrorCode.BadActionBadVendorType,
        DecodeErrorCode.BadElementLength when Field.StartsWith("ofp_action", StringComparison.Ordinal) => ErrorCode.BadActionBadLen,
        _ => ErrorCode.BadRequestBadLen,
    };

    /// <summary>A sentence naming field, offset and reason.</summary>
    public override string ToString() => Code == DecodeErrorCode.None ? "no error" : $"{Field} at offset {Offset}: {Reason}";

    /// <summary>The reason alone, without field and offset.</summary>
    public string Reason => Code switch
    {
        DecodeErrorCode.None => "no error",
        DecodeErrorCode.BadFrameLength => $"a message has at least {Header.Size} bytes, this one says {Found}; the stream cannot be followed any further",
        DecodeErrorCode.BadVersion => $"version 0x{Found:x2} is not OpenFlow 1.0 (0x01); set the peer to OpenFlow 1.0",
        DecodeErrorCode.Truncated => $"{Expected} bytes expected, {Found} there",
        DecodeErrorCode.TrailingBytes => $"the message ends after {Expected} bytes, {Found} there",
        DecodeErrorCode.UnknownType => $"no message type {Found} in OpenFlow 1.0",
        DecodeErrorCode.UnknownStatsType => $"no statistics type {Found} in OpenFlow 1.0",
        DecodeErrorCode.UnexpectedType => $"a message of type {Found} where {Expected} is read",
        DecodeErrorCode.TooShort => $"at least {Expected} bytes expected, {Found} there",
        DecodeErrorCode.BadLength when Expected != 0 => $"{Expected} bytes expected, {Found} there",
        DecodeErrorCode.BadLength => $"{Found} bytes do not end where an element ends",
        DecodeErrorCode.BadElementLength when Expected != 0 => $"length {Found} where {Expected} is the limit",
        DecodeErrorCode.BadElementLength => $"length {Found} is not a multiple of 8 of at least 8",
        DecodeErrorCode.UnknownAction => $"no action type {Found} in OpenFlow 1.0",
        DecodeErrorCode.UnknownVendorAction => $"no vendor action {Found}",
        DecodeErrorCode.UnknownQueueProperty => $"no queue property {Found} in OpenFlow 1.0",
        _ => Code.ToString(),
    };
}

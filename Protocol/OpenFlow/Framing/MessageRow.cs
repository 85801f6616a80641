namespace NetServ.OpenFlow;

/// <summary>
/// One row of <see cref="MessageTable"/>. A message has <paramref name="MinLength"/> bytes plus any number of <paramref name="ElementSize"/>
/// (0: exactly MinLength). <paramref name="Subtype"/> is ofp_stats_types for statistics, the Nicira subtype for Nicira messages, else -1.
/// </summary>
public sealed record MessageRow(MessageKind Kind, string Name, MessageType Type, int Subtype, int MinLength, int ElementSize, Direction Direction)
{
    /// <summary>Checks a message's length; the error names the header's length field.</summary>
    public bool TryCheckLength(int length, out DecodeError error)
    {
        error = default;
        if (length < MinLength)
            error = new DecodeError(DecodeErrorCode.TooShort, "ofp_header.length", 2) { Found = (uint)length, Expected = (uint)MinLength };
        else if (ElementSize == 0 && length != MinLength)
            error = new DecodeError(DecodeErrorCode.BadLength, "ofp_header.length", 2) { Found = (uint)length, Expected = (uint)MinLength };
        else if (ElementSize > 1 && (length - MinLength) % ElementSize != 0)
            error = new DecodeError(DecodeErrorCode.BadLength, "ofp_header.length", 2) { Found = (uint)length };
        return error.Code == DecodeErrorCode.None;
    }
}

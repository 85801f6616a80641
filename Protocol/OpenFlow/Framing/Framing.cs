using System.Buffers.Binary;

namespace NetServ.OpenFlow;

/// <summary>Cuts a byte stream into messages.</summary>
public static class Framing
{
    /// <summary>The longest message.</summary>
    public const int MaxLength = ushort.MaxValue;

    /// <summary>
    /// Takes the next whole message off the front of <paramref name="buffer"/>. False with <see cref="DecodeErrorCode.None"/> means that more
    /// bytes are needed; false with an error means that the connection is lost, as its length field cannot be trusted.
    /// </summary>
    public static bool TryReadFrame(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> message, out DecodeError error)
    {
        message = default;
        error = default;
        if (buffer.Length < 4)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(buffer[2..]);
        if (length < Header.Size)
        {
            error = new DecodeError(DecodeErrorCode.BadFrameLength, "ofp_header.length", 2) { Found = (uint)length, Expected = Header.Size };
            return false;
        }
        if (buffer.Length < length)
            return false;
        message = buffer[..length];
        buffer = buffer[length..];
        return true;
    }
}

using System.Buffers;
using System.Buffers.Binary;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// Cuts a stream into messages. What is whole is handed out in place; only a message that two reads share is copied, and memory for that is
/// held only while one is unfinished.
/// </summary>
public sealed class MessageAssembler
{
    private const int FirstSize = 256;

    private byte[] _kept = [];
    private int _length;
    private bool _handedOut;

    /// <summary>Whether no unfinished message is kept.</summary>
    public bool IsEmpty => _length == 0 || _handedOut;

    /// <summary>Bytes until the next message begins; -1 if that is not known yet.</summary>
    public int Missing => IsEmpty ? 0 : _length < Header.Size ? -1 : BinaryPrimitives.ReadUInt16BigEndian(_kept.AsSpan(2)) - _length;

    /// <summary>Hands out the next message and steps <paramref name="bytes"/> beyond it. Keeps an unfinished end for the next call.</summary>
    /// <param name="bytes">What was read.</param>
    /// <param name="message">A whole message, valid until the next call.</param>
    /// <param name="error">Set if the stream cannot be cut any further.</param>
    /// <returns>Whether there is a message or an error.</returns>
    public bool TryNext(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> message, out DecodeError error)
    {
        if (_handedOut)
            Discard();
        if (_length > 0)
            return TryComplete(ref bytes, out message, out error);
        if (Framing.TryReadFrame(ref bytes, out message, out error) || error.Code != DecodeErrorCode.None)
            return true;
        Keep(bytes);
        bytes = default;
        return false;
    }

    /// <summary>Forgets what is kept.</summary>
    public void Discard()
    {
        if (_kept.Length > 0)
            ArrayPool<byte>.Shared.Return(_kept);
        (_kept, _length, _handedOut) = ([], 0, false);
    }

    private bool TryComplete(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> message, out DecodeError error)
    {
        message = default;
        error = default;
        Take(ref bytes, Header.Size - _length);
        if (_length < Header.Size)
            return false;
        int wanted = BinaryPrimitives.ReadUInt16BigEndian(_kept.AsSpan(2));
        Take(ref bytes, wanted - _length);
        if (wanted >= Header.Size && _length < wanted)
            return false;
        if (wanted < Header.Size)
            error = new DecodeError(DecodeErrorCode.BadFrameLength, "ofp_header.length", 2) { Found = (uint)wanted, Expected = Header.Size };
        message = _kept.AsSpan(0, _length);
        _handedOut = true;
        return true;
    }

    private void Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        count = Math.Clamp(count, 0, bytes.Length);
        Keep(bytes[..count]);
        bytes = bytes[count..];
    }

    // Grows with what has come, not with what a header promises.
    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        int needed = _length + bytes.Length;
        if (needed > _kept.Length)
        {
            byte[] target = ArrayPool<byte>.Shared.Rent(Math.Max(FirstSize, needed * 2));
            _kept.AsSpan(0, _length).CopyTo(target);
            if (_kept.Length > 0)
                ArrayPool<byte>.Shared.Return(_kept);
            _kept = target;
        }
        bytes.CopyTo(_kept.AsSpan(_length));
        _length = needed;
    }
}

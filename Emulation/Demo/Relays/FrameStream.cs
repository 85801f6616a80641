using System.Buffers.Binary;
using System.Net.Sockets;

namespace NetServ.Demo.Relays;

/// <summary>
/// Reads frames from a stream socket as Open vSwitch's dummy ports carry them: 2-byte big-endian length, then the frame. Reads big, so that
/// a burst costs one system call.
/// </summary>
internal sealed class FrameStream(Socket socket)
{
    private const int LengthSize = 2;

    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;

    /// <summary>Waits for bytes.</summary>
    /// <returns>False when the peer closed or the socket was closed here.</returns>
    public bool Receive()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        try
        {
            int read = socket.Receive(_buffer.AsSpan(_end));
            _end += read;
            return read > 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The next whole frame among the bytes read.</summary>
    /// <param name="frame">Valid until the next <see cref="Receive"/>.</param>
    public bool TryNext(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (_end - _start < LengthSize)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_start));
        if (_end - _start < LengthSize + length)
            return false;
        frame = _buffer.AsSpan(_start + LengthSize, length);
        _start += LengthSize + length;
        return true;
    }

    /// <summary>All frames handed out since the last <see cref="Receive"/>, lengths included, to be passed on as they are.</summary>
    public ReadOnlySpan<byte> HandedOut => _buffer.AsSpan(0, _start);
}

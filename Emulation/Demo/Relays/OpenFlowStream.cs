using System.Buffers.Binary;
using System.Net.Sockets;

namespace NetServ.Demo.Relays;

/// <summary>Reads whole OpenFlow messages from a socket: 8-byte header with the length at offset 2 (OpenFlow 1.0.0 section 5.1).</summary>
internal sealed class OpenFlowStream(Socket socket)
{
    private const int HeaderSize = 8;

    private readonly byte[] _buffer = new byte[512 * 1024];
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

    /// <summary>The next whole message among the bytes read. A length below 8 would never end: the header alone is handed out.</summary>
    public bool TryNext(out ReadOnlySpan<byte> message)
    {
        message = default;
        if (_end - _start < HeaderSize)
            return false;
        int length = Math.Max(HeaderSize, (int)BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_start + 2)));
        if (_end - _start < length)
            return false;
        message = _buffer.AsSpan(_start, length);
        _start += length;
        return true;
    }

    /// <summary>All messages handed out since the last <see cref="Receive"/>, to be passed on as they are.</summary>
    public ReadOnlySpan<byte> HandedOut => _buffer.AsSpan(0, _start);
}

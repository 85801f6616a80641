using System.Net.Sockets;

namespace NetServ.Demo.Relays;

/// <summary>Reads pieces that begin with their length from a stream socket. Reads big, so that a burst costs one system call.</summary>
/// <param name="socket">Where they come from.</param>
/// <param name="room">Bytes that are held at the most; more than the longest piece.</param>
/// <param name="headerSize">How much of a piece tells its length.</param>
internal abstract class PieceStream(Socket socket, int room, int headerSize)
{
    private readonly byte[] _buffer = new byte[room];
    private int _start;
    private int _end;

    /// <summary>All pieces handed out since the last <see cref="Receive"/>, headers included, to be passed on as they are.</summary>
    public ReadOnlySpan<byte> HandedOut => _buffer.AsSpan(0, _start);

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

    /// <summary>The next whole piece among the bytes read.</summary>
    /// <param name="piece">With its header; valid until the next <see cref="Receive"/>.</param>
    protected bool TryNextPiece(out ReadOnlySpan<byte> piece)
    {
        piece = default;
        ReadOnlySpan<byte> read = _buffer.AsSpan(_start, _end - _start);
        if (read.Length < headerSize || SizeOf(read) is var size && read.Length < size)
            return false;
        piece = read[..size];
        _start += size;
        return true;
    }

    /// <summary>Bytes of a piece, its header included and never fewer.</summary>
    /// <param name="header">Begins with its header.</param>
    protected abstract int SizeOf(ReadOnlySpan<byte> header);
}

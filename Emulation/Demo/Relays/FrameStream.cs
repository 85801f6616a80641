using System.Buffers.Binary;
using System.Net.Sockets;

namespace NetServ.Demo.Relays;

/// <summary>Frames as Open vSwitch's dummy ports carry them: 2-byte big-endian length, then the frame.</summary>
internal sealed class FrameStream(Socket socket) : PieceStream(socket, 256 * 1024, LengthSize)
{
    private const int LengthSize = 2;

    /// <summary>The next whole frame among the bytes read.</summary>
    /// <param name="frame">Valid until the next <see cref="PieceStream.Receive"/>.</param>
    public bool TryNext(out ReadOnlySpan<byte> frame)
    {
        bool isThere = TryNextPiece(out ReadOnlySpan<byte> piece);
        frame = isThere ? piece[LengthSize..] : default;
        return isThere;
    }

    /// <inheritdoc/>
    protected override int SizeOf(ReadOnlySpan<byte> header) => LengthSize + BinaryPrimitives.ReadUInt16BigEndian(header);
}

using System.Buffers.Binary;
using System.Net.Sockets;

namespace NetServ.Demo.Relays;

/// <summary>Whole OpenFlow messages: 8-byte header with the length at offset 2 (OpenFlow 1.0.0 section 5.1).</summary>
internal sealed class OpenFlowStream(Socket socket) : PieceStream(socket, 512 * 1024, HeaderSize)
{
    private const int HeaderSize = 8;

    /// <summary>The next whole message among the bytes read.</summary>
    /// <param name="message">Valid until the next <see cref="PieceStream.Receive"/>.</param>
    public bool TryNext(out ReadOnlySpan<byte> message) => TryNextPiece(out message);

    /// <inheritdoc/>
    /// <remarks>A length below 8 would never end: the header alone is handed out.</remarks>
    protected override int SizeOf(ReadOnlySpan<byte> header) => Math.Max(HeaderSize, (int)BinaryPrimitives.ReadUInt16BigEndian(header[2..]));
}

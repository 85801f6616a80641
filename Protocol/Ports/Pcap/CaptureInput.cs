using System.Buffers.Binary;

namespace NetServ.Ports;

/// <summary>Bytes and numbers of a capture file in either byte order, with the offset for messages.</summary>
internal sealed class CaptureInput(Stream stream)
{
    internal long Offset { get; private set; }

    internal bool BigEndian { get; set; }

    internal ushort U16(ReadOnlySpan<byte> bytes) =>
        BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    internal uint U32(ReadOnlySpan<byte> bytes) =>
        BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    internal void Read(Span<byte> bytes, string what)
    {
        if (!TryRead(bytes, what))
            throw new PcapFormatException(Offset, $"the file ends before the {what}");
    }

    /// <summary>False at the end of the file; an end halfway is an error.</summary>
    internal bool TryRead(Span<byte> bytes, string what)
    {
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read > 0 && read < bytes.Length)
            throw new PcapFormatException(Offset, $"the file ends within the {what}: {read} of {bytes.Length} bytes");
        Offset += read;
        return read == bytes.Length;
    }
}

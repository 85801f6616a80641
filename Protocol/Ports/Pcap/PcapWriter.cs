using System.Buffers.Binary;

namespace NetServ.Ports;

/// <summary>Writes a classic capture file of Ethernet frames with nanosecond stamps, little endian (draft-ietf-opsawg-pcap).</summary>
public sealed class PcapWriter : IDisposable
{
    internal const uint NanosecondMagic = 0xa1b23c4d;
    internal const uint MicrosecondMagic = 0xa1b2c3d4;
    internal const int FileHeaderSize = 24;
    internal const int RecordHeaderSize = 16;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;

    /// <summary>Writes the file header.</summary>
    /// <param name="stream">Where to; closed with the writer unless <paramref name="leaveOpen"/>.</param>
    /// <param name="leaveOpen">Whether the stream outlives the writer.</param>
    public PcapWriter(Stream stream, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _leaveOpen = leaveOpen;
        Span<byte> header = stackalloc byte[FileHeaderSize];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, NanosecondMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], FrameBatch.MaxFrameSize);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], LinkTypes.Ethernet);
        _stream.Write(header);
    }

    /// <summary>Creates a file, replacing one that is there.</summary>
    public static PcapWriter Create(string path) => new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 64 * 1024));

    /// <summary>Writes a frame; stamps before 1970 or after 2106 do not fit the format.</summary>
    public void Write(DateTimeOffset time, ReadOnlySpan<byte> frame)
    {
        long ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        if (ticks < 0 || seconds > uint.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(time), time, "a capture file counts seconds from 1970 to 2106");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame.Length, FrameBatch.MaxFrameSize, nameof(frame));
        Span<byte> header = stackalloc byte[RecordHeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)seconds);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)(rest * 100));
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], (uint)frame.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], (uint)frame.Length);
        _stream.Write(header);
        _stream.Write(frame);
    }

    /// <summary>Makes what was written visible to readers of the file.</summary>
    public void Flush() => _stream.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_leaveOpen)
            _stream.Flush();
        else
            _stream.Dispose();
    }
}

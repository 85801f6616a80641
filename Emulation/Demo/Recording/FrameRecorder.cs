using System.Buffers.Binary;

namespace NetServ.Demo.Recording;

/// <summary>A nanosecond pcap file of Ethernet frames. One writer at a time.</summary>
internal sealed class FrameRecorder : IDisposable
{
    private const uint NanosecondMagic = 0xa1b23c4d;
    private const int RecordHeader = 16;

    private readonly FileStream _file;
    private readonly Lock _gate = new();

    /// <summary>Creates or replaces the file.</summary>
    public FrameRecorder(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 256 * 1024);
        Span<byte> header = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, NanosecondMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        header[8..16].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 262144);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        _file.Write(header);
    }

    /// <summary>Adds a frame.</summary>
    /// <param name="time">ns since 1970.</param>
    /// <param name="frame">From the Ethernet destination on.</param>
    public void Write(long time, ReadOnlySpan<byte> frame) => Write(time, frame, default);

    /// <summary>Adds a frame given in two parts.</summary>
    public void Write(long time, ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        Span<byte> header = stackalloc byte[RecordHeader];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)(time / 1_000_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)(time % 1_000_000_000));
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], head.Length + tail.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], head.Length + tail.Length);
        lock (_gate)
        {
            if (!_file.CanWrite)
                return;
            _file.Write(header);
            _file.Write(head);
            _file.Write(tail);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _file.Dispose();
    }
}

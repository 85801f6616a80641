using System.Buffers.Binary;

namespace NetServ.Ports;

/// <summary>
/// Reads capture files of Ethernet frames: classic ones with micro- or nanosecond stamps in either byte order, and the packet blocks of pcapng
/// (draft-ietf-opsawg-pcapng). Errors are a <see cref="PcapFormatException"/>.
/// </summary>
public sealed class PcapReader : IDisposable
{
    /// <summary>The longest frame accepted: more is a sign of a damaged file.</summary>
    internal const int LongestFrame = 256 * 1024;

    private const uint SectionHeaderBlock = 0x0a0d0d0a;
    private readonly Stream _stream;
    private readonly CaptureInput _input;
    private readonly PcapngReader? _blocks;
    private readonly long _ticksPerUnitNumerator = 1;
    private readonly long _unitsPerTick = 1;

    /// <summary>Reads the file header.</summary>
    /// <param name="stream">Where from; closed with the reader.</param>
    public PcapReader(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _input = new CaptureInput(stream);
        Span<byte> header = stackalloc byte[PcapWriter.FileHeaderSize];
        _input.Read(header[..4], "magic number");
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (magic == SectionHeaderBlock)
        {
            _blocks = new PcapngReader(_input);
            return;
        }
        _input.BigEndian = BinaryPrimitives.ReverseEndianness(magic) is PcapWriter.MicrosecondMagic or PcapWriter.NanosecondMagic;
        switch (_input.U32(header))
        {
            case PcapWriter.MicrosecondMagic:
                _ticksPerUnitNumerator = TimeSpan.TicksPerMicrosecond;
                break;
            case PcapWriter.NanosecondMagic:
                _unitsPerTick = 100;
                break;
            default:
                throw new PcapFormatException(0, $"0x{magic:x8} is no magic number of a capture file");
        }
        _input.Read(header[4..], "file header");
        uint linkType = _input.U32(header[20..]) & 0xffff;
        if (linkType != LinkTypes.Ethernet)
            throw new PcapFormatException(20, $"link type {LinkTypes.Describe(linkType)} is not Ethernet ({LinkTypes.Ethernet})");
    }

    /// <summary>Opens a file.</summary>
    public static PcapReader Open(string path) => new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 64 * 1024));

    /// <summary>Reads the next frame; null at the end of the file.</summary>
    public PcapRecord? Read() => _blocks is null ? ReadClassic() : _blocks.Read();

    /// <summary>Reads all frames that are left.</summary>
    public IEnumerable<PcapRecord> ReadAll()
    {
        while (Read() is PcapRecord record)
            yield return record;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private PcapRecord? ReadClassic()
    {
        long offset = _input.Offset;
        Span<byte> header = stackalloc byte[PcapWriter.RecordHeaderSize];
        if (!_input.TryRead(header, "record header"))
            return null;
        uint captured = _input.U32(header[8..]);
        uint original = _input.U32(header[12..]);
        if (captured > LongestFrame)
            throw new PcapFormatException(offset + 8, $"a frame of {captured} bytes is longer than any");
        byte[] data = new byte[captured];
        _input.Read(data, "frame");
        long fraction = _input.U32(header[4..]) * _ticksPerUnitNumerator / _unitsPerTick;
        DateTimeOffset time = DateTimeOffset.UnixEpoch.AddTicks(_input.U32(header) * TimeSpan.TicksPerSecond + fraction);
        return new PcapRecord(time, data, (int)Math.Min(original, int.MaxValue));
    }
}

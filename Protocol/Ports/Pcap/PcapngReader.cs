using System.Buffers.Binary;

namespace NetServ.Ports;

/// <summary>The blocks of pcapng that carry frames: enhanced and simple packet blocks of Ethernet interfaces. Others are skipped.</summary>
internal sealed class PcapngReader
{
    private const uint SectionHeader = 0x0a0d0d0a;
    private const uint InterfaceDescription = 1;
    private const uint SimplePacket = 3;
    private const uint EnhancedPacket = 6;
    private const uint ByteOrderMagic = 0x1a2b3c4d;
    private const ushort OptionEnd = 0;
    private const ushort OptionResolution = 9;
    private const int BlockOverhead = 12;
    private const int LongestBlock = 16 * 1024 * 1024;

    private readonly CaptureInput _input;
    private readonly List<Interface> _interfaces = [];

    /// <summary>Starts after the type of the first section header block.</summary>
    internal PcapngReader(CaptureInput input)
    {
        _input = input;
        ReadSectionHeader();
    }

    internal PcapRecord? Read()
    {
        byte[] type = new byte[4];
        while (_input.TryRead(type, "block type"))
        {
            if (_input.U32(type) == SectionHeader)
            {
                ReadSectionHeader();
                continue;
            }
            long offset = _input.Offset - 4;
            byte[] body = ReadBody(offset);
            switch (_input.U32(type))
            {
                case InterfaceDescription:
                    AddInterface(offset, body);
                    break;
                case EnhancedPacket:
                    return ReadEnhanced(offset, body);
                case SimplePacket:
                    return ReadSimple(offset, body);
            }
        }
        return null;
    }

    private void ReadSectionHeader()
    {
        long offset = _input.Offset - 4;
        Span<byte> start = stackalloc byte[8];
        _input.Read(start, "section header");
        _input.BigEndian = BinaryPrimitives.ReadUInt32BigEndian(start[4..]) == ByteOrderMagic;
        if (_input.U32(start[4..]) != ByteOrderMagic)
            throw new PcapFormatException(offset + 8, "no byte order magic in the section header");
        uint total = CheckLength(offset, _input.U32(start), BlockOverhead + 16);
        byte[] rest = new byte[total - 12];
        _input.Read(rest, "section header");
        CheckTrailer(rest, total);
        _interfaces.Clear();
    }

    private byte[] ReadBody(long offset)
    {
        Span<byte> length = stackalloc byte[4];
        _input.Read(length, "block length");
        uint total = CheckLength(offset, _input.U32(length), BlockOverhead);
        byte[] rest = new byte[total - 8];
        _input.Read(rest, "block");
        CheckTrailer(rest, total);
        return rest[..^4];
    }

    private static uint CheckLength(long offset, uint total, int least)
    {
        if (total < least || total > LongestBlock || total % 4 != 0)
            throw new PcapFormatException(offset + 4, $"a block cannot be {total} bytes long");
        return total;
    }

    private void CheckTrailer(ReadOnlySpan<byte> rest, uint total)
    {
        uint trailer = _input.U32(rest[^4..]);
        if (trailer != total)
            throw new PcapFormatException(_input.Offset - 4, $"the block ends with length {trailer} but starts with {total}");
    }

    private void AddInterface(long offset, ReadOnlySpan<byte> body)
    {
        if (body.Length < 8)
            throw new PcapFormatException(offset, "the interface description is too short");
        uint snapLength = _input.U32(body[4..]);
        byte resolution = 6;
        ReadOnlySpan<byte> options = body[8..];
        while (options.Length >= 4 && _input.U16(options) != OptionEnd)
        {
            int length = _input.U16(options[2..]);
            int padded = 4 + (length + 3) / 4 * 4;
            if (padded > options.Length)
                throw new PcapFormatException(offset, "an option of the interface description exceeds its block");
            if (_input.U16(options) == OptionResolution && length == 1)
                resolution = options[4];
            options = options[padded..];
        }
        double unit = (resolution & 0x80) != 0 ? Math.Pow(2, -(resolution & 0x7f)) : Math.Pow(10, -resolution);
        _interfaces.Add(new Interface(_input.U16(body), snapLength == 0 ? uint.MaxValue : snapLength, resolution, TimeSpan.TicksPerSecond * unit));
    }

    private PcapRecord ReadEnhanced(long offset, ReadOnlySpan<byte> body)
    {
        if (body.Length < 20)
            throw new PcapFormatException(offset, "the packet block is too short");
        Interface source = FindInterface(offset, _input.U32(body));
        ulong units = ((ulong)_input.U32(body[4..]) << 32) | _input.U32(body[8..]);
        uint captured = _input.U32(body[12..]);
        return Record(offset, source.TimeOf(units), body[20..], captured, _input.U32(body[16..]));
    }

    private PcapRecord ReadSimple(long offset, ReadOnlySpan<byte> body)
    {
        if (body.Length < 4)
            throw new PcapFormatException(offset, "the packet block is too short");
        uint original = _input.U32(body);
        uint captured = Math.Min(original, FindInterface(offset, 0).SnapLength);
        return Record(offset, DateTimeOffset.UnixEpoch, body[4..], captured, original);
    }

    private Interface FindInterface(long offset, uint index)
    {
        if (index >= _interfaces.Count)
            throw new PcapFormatException(offset, $"the packet block names interface {index}, of which there is no description");
        Interface found = _interfaces[(int)index];
        return found.LinkType == LinkTypes.Ethernet
            ? found
            : throw new PcapFormatException(offset, $"link type {LinkTypes.Describe(found.LinkType)} of interface {index} is not Ethernet ({LinkTypes.Ethernet})");
    }

    private static PcapRecord Record(long offset, DateTimeOffset time, ReadOnlySpan<byte> data, uint captured, uint original) =>
        captured <= data.Length && captured <= PcapReader.LongestFrame
            ? new PcapRecord(time, data[..(int)captured].ToArray(), (int)Math.Min(original, int.MaxValue))
            : throw new PcapFormatException(offset, $"a frame of {captured} bytes exceeds its block of {data.Length}");

    private sealed record Interface(ushort LinkType, uint SnapLength, byte Resolution, double TicksPerUnit)
    {
        internal DateTimeOffset TimeOf(ulong units)
        {
            // The two usual resolutions exactly; a double has too few bits for them.
            decimal ticks = Resolution switch
            {
                6 => units * 10m,
                9 => units / 100m,
                _ => (decimal)Math.Min(units * TicksPerUnit, 1e18),
            };
            long most = DateTimeOffset.MaxValue.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
            return DateTimeOffset.UnixEpoch.AddTicks((long)Math.Min(ticks, most));
        }
    }
}

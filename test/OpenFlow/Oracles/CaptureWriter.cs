using System.Buffers.Binary;

namespace NetServ.OpenFlow.Tests.Oracles;

/// <summary>A pcap file of one TCP connection to port 6653, one message a segment.</summary>
internal sealed class CaptureWriter : IDisposable
{
    private const int FrameHeader = 14 + 20 + 20;

    private readonly FileStream _file;
    private readonly byte[] _frame = new byte[16 + FrameHeader + Framing.MaxLength];
    private uint _sequence = 1;
    private uint _count;

    public CaptureWriter(string path)
    {
        _file = File.Create(path);
        Span<byte> header = stackalloc byte[24];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xa1b2c3d4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 262_144);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        _file.Write(header);
    }

    public void Write(ReadOnlySpan<byte> message)
    {
        Span<byte> record = _frame.AsSpan(0, 16 + FrameHeader + message.Length);
        record[..(16 + FrameHeader)].Clear();
        WriteRecordHeader(record, FrameHeader + message.Length);
        WriteFrameHeaders(record[16..], message.Length);
        message.CopyTo(record[(16 + FrameHeader)..]);
        _file.Write(record);
        _sequence += (uint)message.Length;
        _count++;
    }

    public void Dispose() => _file.Dispose();

    private void WriteRecordHeader(Span<byte> to, int length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, _count / 1000);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], _count % 1000 * 1000);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], (uint)length);
    }

    private void WriteFrameHeaders(Span<byte> to, int payload)
    {
        to[0] = to[6] = 2;
        to[5] = 1;
        to[11] = 2;
        to[12] = 8;
        Span<byte> ip = to[14..];
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(40 + payload));
        ip[6] = 0x40;
        ip[8] = 64;
        ip[9] = 6;
        ip[12] = ip[16] = 127;
        ip[15] = 1;
        ip[19] = 2;
        Span<byte> tcp = to[34..];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, 40_000);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], 6653);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], _sequence);
        tcp[11] = 1;
        tcp[12] = 0x50;
        tcp[13] = 0x18;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 65_535);
    }
}

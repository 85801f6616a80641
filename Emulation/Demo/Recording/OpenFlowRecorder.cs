using System.Buffers.Binary;
using NetServ.Demo.Traffic;

namespace NetServ.Demo.Recording;

/// <summary>
/// Writes an OpenFlow connection as a capture would show it: Ethernet, IPv4 and TCP headers are made up around the bytes, with right sequence
/// numbers and the controller at port 6653, one message a segment unless it is longer than a segment may be.
/// </summary>
internal sealed class OpenFlowRecorder(FrameRecorder file, ushort switchPort) : IDisposable
{
    private const ushort ControllerPort = 6653;
    private const int Headers = 14 + 20 + 20;
    private const int LongestSegment = 32 * 1024;
    private const byte PushAck = 0x18;
    private const uint SwitchAddress = 0x7f00_0002;
    private const uint ControllerAddress = 0x7f00_0001;

    private readonly Lock _gate = new();
    private uint _fromSwitch = 1;
    private uint _fromController = 1;

    /// <summary>Adds one message.</summary>
    public void Write(long time, bool fromSwitch, ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            while (message.Length > 0)
            {
                ReadOnlySpan<byte> part = message[..Math.Min(message.Length, LongestSegment)];
                WriteSegment(time, fromSwitch, part);
                message = message[part.Length..];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void WriteSegment(long time, bool fromSwitch, ReadOnlySpan<byte> part)
    {
        Span<byte> head = stackalloc byte[Headers];
        head.Clear();
        MacOf(!fromSwitch, head);
        MacOf(fromSwitch, head[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(head[12..], 0x0800);
        WriteIpv4(head[14..34], fromSwitch, 40 + part.Length);
        Span<byte> tcp = head[34..];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, fromSwitch ? switchPort : ControllerPort);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], fromSwitch ? ControllerPort : switchPort);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], fromSwitch ? _fromSwitch : _fromController);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], fromSwitch ? _fromController : _fromSwitch);
        tcp[12] = 5 << 4;
        tcp[13] = PushAck;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], ushort.MaxValue);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], Checksum.Transport(head[14..34], tcp, part));
        file.Write(time, head, part);
        if (fromSwitch)
            _fromSwitch += (uint)part.Length;
        else
            _fromController += (uint)part.Length;
    }

    private static void WriteIpv4(Span<byte> ip, bool fromSwitch, int length)
    {
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)length);
        ip[6] = 0x40;
        ip[8] = 64;
        ip[9] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], fromSwitch ? SwitchAddress : ControllerAddress);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], fromSwitch ? ControllerAddress : SwitchAddress);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum.Of(ip));
    }

    private static void MacOf(bool ofSwitch, Span<byte> at)
    {
        at[0] = 2;
        at[5] = ofSwitch ? (byte)2 : (byte)1;
    }
}

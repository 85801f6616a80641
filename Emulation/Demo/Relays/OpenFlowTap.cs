using System.Buffers.Binary;
using NetServ.Demo.Measuring;
using NetServ.Demo.Recording;

namespace NetServ.Demo.Relays;

/// <summary>
/// The look-out at one OpenFlow connection. Reads of a message only what it counts, by its own offsets (OpenFlow 1.0.0 sections 5.2.3, 5.3.3,
/// 5.3.6, 5.4.1), so that it shares no fault with the programs under test.
/// </summary>
internal sealed class OpenFlowTap(Observer observer, OpenFlowRecorder? recorder)
{
    private const byte PacketIn = 10;
    private const byte PacketOut = 13;
    private const byte FlowMod = 14;

    private readonly SightingLog _packetIns = observer.NewLog();
    private readonly SightingLog _packetOuts = observer.NewLog();

    /// <summary>Looks at one whole message from the switch.</summary>
    public void FromSwitch(ReadOnlySpan<byte> message)
    {
        long now = MeasuringClock.Now;
        recorder?.Write(now, fromSwitch: true, message);
        if (message[1] == PacketIn && message.Length >= 18)
            observer.See(_packetIns, now, BinaryPrimitives.ReadUInt16BigEndian(message[14..]), SightingKind.PacketIn, message[18..]);
    }

    /// <summary>Looks at one whole message from the controller.</summary>
    public void FromController(ReadOnlySpan<byte> message)
    {
        long now = MeasuringClock.Now;
        recorder?.Write(now, fromSwitch: false, message);
        if (message[1] == FlowMod && message.Length >= 72)
            observer.See(ReadFlowMod(now, message));
        else if (message[1] == PacketOut && message.Length >= 16)
            SeePacketOut(now, message);
    }

    private void SeePacketOut(long time, ReadOnlySpan<byte> message)
    {
        int data = 16 + BinaryPrimitives.ReadUInt16BigEndian(message[14..]);
        if (data <= message.Length)
            observer.See(_packetOuts, time, BinaryPrimitives.ReadUInt16BigEndian(message[12..]), SightingKind.PacketOut, message[data..]);
    }

    private static FlowModSighting ReadFlowMod(long time, ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> match = message.Slice(8, 40);
        uint wildcards = BinaryPrimitives.ReadUInt32BigEndian(match);
        // Protocol, both ports: bits 5 to 7; the prefix wildcards, bits 8 to 13 and 14 to 19, are zero for whole addresses.
        bool namesFlow = (wildcards & 0x000f_ffe0) == 0;
        Endpoints tuple = new(
            BinaryPrimitives.ReadUInt32BigEndian(match[28..]),
            BinaryPrimitives.ReadUInt32BigEndian(match[32..]),
            match[25],
            BinaryPrimitives.ReadUInt16BigEndian(match[36..]),
            BinaryPrimitives.ReadUInt16BigEndian(match[38..]));
        return new FlowModSighting(
            time,
            BinaryPrimitives.ReadUInt16BigEndian(message[56..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[62..]),
            (wildcards & 1) != 0 ? null : BinaryPrimitives.ReadUInt16BigEndian(match[4..]),
            (wildcards & 4) != 0 ? null : FrameView.Mac(match[6..]),
            (wildcards & 8) != 0 ? null : FrameView.Mac(match[12..]),
            (wildcards & 2) != 0 ? null : BinaryPrimitives.ReadUInt16BigEndian(match[18..]),
            tuple,
            namesFlow);
    }
}

using System.Buffers.Binary;
using NetServ.OpenFlow;

namespace NetServ.Bench.Switches;

/// <summary>
/// Walks what one controller sent to one switch and counts answers: at the most one per PACKET_IN. Reads the few fields that decide in place,
/// as it has to be faster than any controller; all other messages go to the <see cref="SwitchSide"/>.
/// </summary>
internal sealed class AnswerCounter(SwitchSide side)
{
    // OpenFlow 1.0.0 sections 5.3.6 and 5.3.3: offsets of what decides.
    private const int OutBufferAt = 8, OutActionsLengthAt = 14, OutActionsAt = 16;
    private const int ModCommandAt = 56, ModBufferAt = 64, ModLength = 72;

    private uint _modBuffer = BufferId.None;

    /// <summary>PACKET_INs answered, not more than were sent.</summary>
    public long Answers { get; private set; }

    /// <summary>What would have been answers had there been a PACKET_IN for each.</summary>
    public long Surplus { get; private set; }

    /// <summary>FLOW_MODs of all commands.</summary>
    public long FlowMods { get; private set; }

    /// <summary>PACKET_OUTs of all kinds.</summary>
    public long PacketOuts { get; private set; }

    /// <summary>PACKET_OUTs without actions, which free a buffer.</summary>
    public long Releases { get; private set; }

    /// <summary>PACKET_OUTs with a frame that is none of ours, such as LLDP, or one of an announcement.</summary>
    public long Others { get; private set; }

    /// <summary>Whether anything was forwarded, be it a measured frame or not.</summary>
    public bool HasForwarded { get; private set; }

    /// <summary>Counts all whole messages in <paramref name="bytes"/>; returns the bytes they take.</summary>
    /// <param name="bytes">What was received, from the start of a message.</param>
    /// <param name="sent">PACKET_INs sent so far.</param>
    /// <exception cref="ControllerFaultException">The bytes are no OpenFlow 1.0.</exception>
    public int Walk(ReadOnlySpan<byte> bytes, long sent)
    {
        int at = 0;
        while (bytes.Length - at >= Header.Size)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (length < Header.Size)
                throw new ControllerFaultException($"the controller sends a message of length {length}; ofp_header.length is 8 at the least");
            if (length > bytes.Length - at)
                break;
            Count(bytes.Slice(at, length));
            at += length;
        }
        if (Answers > sent)
            (Answers, Surplus) = (sent, Surplus + Answers - sent);
        return at;
    }

    private void Count(ReadOnlySpan<byte> message)
    {
        if (message[0] == Header.Version10 && message[1] == (byte)MessageType.PacketOut && message.Length >= OutActionsAt)
            CountPacketOut(message);
        else if (message[0] == Header.Version10 && message[1] == (byte)MessageType.FlowMod && message.Length >= ModLength)
            CountFlowMod(message);
        else
            side.Handle(message);
    }

    private void CountPacketOut(ReadOnlySpan<byte> message)
    {
        PacketOuts++;
        int actions = BinaryPrimitives.ReadUInt16BigEndian(message[OutActionsLengthAt..]);
        if (actions == 0)
        {
            Releases++;
            return;
        }
        uint buffer = BinaryPrimitives.ReadUInt32BigEndian(message[OutBufferAt..]);
        uint mod = _modBuffer;
        _modBuffer = BufferId.None;
        HasForwarded = true;
        if (buffer == BufferId.None && (message.Length <= OutActionsAt + actions || message[OutActionsAt + actions] != Hosts.KnownPrefix))
            Others++;
        else if (mod == BufferId.None || (buffer != BufferId.None && buffer != mod))
            Answers++;
    }

    private void CountFlowMod(ReadOnlySpan<byte> message)
    {
        FlowMods++;
        _modBuffer = BufferId.None;
        if (BinaryPrimitives.ReadUInt16BigEndian(message[ModCommandAt..]) != (ushort)FlowModCommand.Add)
            return;
        _modBuffer = BinaryPrimitives.ReadUInt32BigEndian(message[ModBufferAt..]);
        if (_modBuffer == BufferId.None)
            return;
        HasForwarded = true;
        Answers++;
    }
}

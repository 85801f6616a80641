using System.Buffers.Binary;

namespace NetServ.OpenFlow;

/// <summary>The commonest PACKET_OUT (OpenFlow 1.0.0 section 5.3.6): a frame that it carries, out of one port. Read as <see cref="PacketOut"/>.</summary>
public readonly ref struct OutputTo : IMessage
{
    private const int FixedSize = 24;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Ingress port that the action sees; <see cref="PortNo.None"/> if none.</summary>
    public ushort InPort { get; init; }

    /// <summary>Where it goes.</summary>
    public ushort Port { get; init; }

    /// <summary>The frame.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize + Data.Length;

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        const ulong Begin = ((ulong)Header.Version10 << 56) | ((ulong)MessageType.PacketOut << 48);
        const ulong ActionSize = 8, NoLimit = 0xffff;
        int length = Length;
        if (length > Framing.MaxLength || destination.Length < length)
            throw new ArgumentException($"the message takes {length} bytes, the destination has {destination.Length}, and {Framing.MaxLength} is the limit", nameof(destination));
        BinaryPrimitives.WriteUInt64BigEndian(destination, Begin | ((ulong)length << 32) | Xid);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], ((ulong)BufferId.None << 32) | ((ulong)InPort << 16) | ActionSize);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], ((ulong)ActionType.Output << 48) | (ActionSize << 32) | ((ulong)Port << 16) | NoLimit);
        Data.CopyTo(destination[FixedSize..]);
        return length;
    }
}

using NetServ.Packets;

namespace NetServ.OpenFlow;

/// <summary>OFPT_PORT_MOD (OpenFlow 1.0.0 section 5.3.4).</summary>
public readonly record struct PortMod : IMessage<PortMod>
{
    private const int FixedSize = 32;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Which port.</summary>
    public ushort PortNumber { get; init; }

    /// <summary>Its address, as a check.</summary>
    public MacAddress HardwareAddress { get; init; }

    /// <summary>New values of the bits in <see cref="Mask"/>.</summary>
    public PortConfig Config { get; init; }

    /// <summary>Which bits change.</summary>
    public PortConfig Mask { get; init; }

    /// <summary>Features to advertise; none leaves them.</summary>
    public PortFeatures Advertise { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out PortMod value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.PortMod, out error))
            return false;
        value = new PortMod
        {
            Xid = Header.ReadXid(message),
            PortNumber = Wire.U16(message, 8),
            HardwareAddress = MacAddress.Read(message[10..]),
            Config = (PortConfig)Wire.U32(message, 16),
            Mask = (PortConfig)Wire.U32(message, 20),
            Advertise = (PortFeatures)Wire.U32(message, 24),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.PortMod, Length, FixedSize, Xid);
        Wire.U16(to, 8, PortNumber);
        HardwareAddress.WriteTo(to[10..]);
        Wire.U32(to, 16, (uint)Config);
        Wire.U32(to, 20, (uint)Mask);
        Wire.U32(to, 24, (uint)Advertise);
        return Length;
    }
}

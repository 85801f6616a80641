using NetServ.Packets;

namespace NetServ.OpenFlow;

/// <summary>ofp_phy_port (OpenFlow 1.0.0 section 5.2.1).</summary>
public readonly record struct PhyPort : IWireStruct<PhyPort>
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 48;

    /// <summary>Its number.</summary>
    public ushort PortNumber { get; init; }

    /// <summary>Its address.</summary>
    public MacAddress HardwareAddress { get; init; }

    /// <summary>Its name.</summary>
    public PortName Name { get; init; }

    /// <summary>Settings.</summary>
    public PortConfig Config { get; init; }

    /// <summary>State.</summary>
    public PortState State { get; init; }

    /// <summary>Features in use.</summary>
    public PortFeatures Current { get; init; }

    /// <summary>Features advertised.</summary>
    public PortFeatures Advertised { get; init; }

    /// <summary>Features supported.</summary>
    public PortFeatures Supported { get; init; }

    /// <summary>Features that the peer advertises.</summary>
    public PortFeatures Peer { get; init; }

    static int IWireStruct<PhyPort>.WireSize => Size;

    /// <summary>Reads the first 48 bytes of <paramref name="source"/>.</summary>
    public static PhyPort Read(ReadOnlySpan<byte> source) => new()
    {
        PortNumber = Wire.U16(source, 0),
        HardwareAddress = MacAddress.Read(source[2..]),
        Name = PortName.Read(source[8..]),
        Config = (PortConfig)Wire.U32(source, 24),
        State = (PortState)Wire.U32(source, 28),
        Current = (PortFeatures)Wire.U32(source, 32),
        Advertised = (PortFeatures)Wire.U32(source, 36),
        Supported = (PortFeatures)Wire.U32(source, 40),
        Peer = (PortFeatures)Wire.U32(source, 44),
    };

    /// <summary>Writes 48 bytes to the start of <paramref name="destination"/>.</summary>
    public void WriteTo(Span<byte> destination)
    {
        Span<byte> to = destination[..Size];
        to.Clear();
        Wire.U16(to, 0, PortNumber);
        HardwareAddress.WriteTo(to[2..]);
        Name.WriteTo(to[8..]);
        Wire.U32(to, 24, (uint)Config);
        Wire.U32(to, 28, (uint)State);
        Wire.U32(to, 32, (uint)Current);
        Wire.U32(to, 36, (uint)Advertised);
        Wire.U32(to, 40, (uint)Supported);
        Wire.U32(to, 44, (uint)Peer);
    }
}

using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>A frame that came up to the controller.</summary>
public readonly ref struct Frame
{
    /// <summary>Where it came in.</summary>
    public ushort InPort { get; init; }

    /// <summary>The switch's buffer that holds it, <see cref="OpenFlow.BufferId.None"/> for none.</summary>
    public uint BufferId { get; init; }

    /// <summary>Its bytes, as far as they came up.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>Whether that is all of them.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The frame of a PACKET_IN. An expired buffer would lose the packet, so the data is sent back wherever it is whole.</summary>
    public static Frame Of(in PacketIn message) => new()
    {
        InPort = message.InPort,
        BufferId = message.BufferId,
        Data = message.Data,
        IsWhole = message.Data.Length >= message.TotalLength,
    };
}

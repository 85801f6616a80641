using NetServ.Emulation.Switch.Profiles;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Emulation.Switch;

/// <summary>What a switch is made of.</summary>
public sealed record SwitchOptions
{
    /// <summary>The datapath id; its low 48 bits are the address of the switch's own port.</summary>
    public required ulong DatapathId { get; init; }

    /// <summary>Its ports; <see cref="PortNo.Local"/> may be one of them.</summary>
    public required IReadOnlyList<PortOptions> Ports { get; init; }

    /// <summary>How frames are kept for the controller.</summary>
    public BufferProfile Buffers { get; init; } = BufferProfile.None;

    /// <summary>Flow entries that fit; as many again fit into the emergency table, if there is one.</summary>
    public int TableSize { get; init; } = 1_000_000;

    /// <summary>What happens without a controller. Only <see cref="ChannelLoss.Emergency"/> has an emergency table.</summary>
    public ChannelLoss OnChannelLoss { get; init; } = ChannelLoss.Secure;

    /// <summary>How long a broken channel may take to come back before it counts as lost.</summary>
    public TimeSpan ChannelLossPatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Addresses that OFPP_NORMAL remembers.</summary>
    public int LearningTableSize { get; init; } = 8192;

    /// <summary>A controller that is silent that long is asked by an echo request, and given up after as much again; null never asks.</summary>
    public TimeSpan? Keepalive { get; init; }

    /// <summary>Bytes waiting for a controller beyond which no more PACKET_INs are added.</summary>
    public int MaxPendingBytes { get; init; } = 8 << 20;

    /// <summary>How it is worse than the specification; its table and buffers count before those here.</summary>
    public SwitchProfile? Profile { get; init; }

    /// <summary>What is random in the profile follows from this number.</summary>
    public int ProfileSeed { get; init; } = 1;

    public string Manufacturer { get; init; } = "NetServ.OpenFlow";

    public string Hardware { get; init; } = "emulated switch";

    public string Software { get; init; } = "0.1";

    public string SerialNumber { get; init; } = "None";

    public string Description { get; init; } = "";

    /// <summary>With the table and buffers that the profile has.</summary>
    internal SwitchOptions Resolved() => this with { TableSize = Profile?.TableSize ?? TableSize, Buffers = Profile?.Buffers ?? Buffers };

    /// <summary>A switch with ports 1 to <paramref name="ports"/> and nothing else out of the ordinary.</summary>
    public static SwitchOptions WithPorts(ulong datapathId, int ports) => new()
    {
        DatapathId = datapathId,
        Ports = [.. Enumerable.Range(1, ports).Select(n => PortOptions.Of(datapathId, (ushort)n))],
    };
}

/// <summary>One port.</summary>
public sealed record PortOptions(ushort Number, string Name, MacAddress Address)
{
    /// <summary>Its queues; ids differ.</summary>
    public IReadOnlyList<QueueOptions> Queues { get; init; } = [];

    /// <summary>The port with the name and address that tell switch and number.</summary>
    public static PortOptions Of(ulong datapathId, ushort number) =>
        new(number, number == PortNo.Local ? $"s{datapathId}" : $"s{datapathId}-eth{number}", new MacAddress(0x0200_0000_0000 | ((datapathId & 0xff_ffff) << 16) | number));
}

/// <summary>A queue of a port. <paramref name="MinRate"/> is the share of the port's rate that it is promised, in tenths of a percent, or <see cref="NoMinRate"/>.</summary>
public sealed record QueueOptions(uint Id, ushort MinRate = QueueOptions.NoMinRate)
{
    /// <summary>No rate is promised (OFPQ_MIN_RATE_UNCFG).</summary>
    public const ushort NoMinRate = 0xffff;
}

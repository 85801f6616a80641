using NetServ.Emulation.Switch;
using NetServ.Ports;

namespace NetServ.SwitchHost.Options;

/// <summary>What a person wrote on the command line, all of it checked.</summary>
internal sealed partial record SwitchHostOptions(
    ulong DatapathId,
    IReadOnlyList<ControlAddress> Controllers,
    IReadOnlyList<ControlAddress> Listeners,
    IReadOnlyList<SwitchHostPort> Ports,
    BufferProfile Buffers,
    int TableSize,
    ChannelLoss OnChannelLoss,
    TimeSpan ChannelLossPatience);

/// <summary>A port of the program.</summary>
internal sealed record SwitchHostPort(ushort Number, PortSpec Spec, IReadOnlyList<QueueOptions> Queues);

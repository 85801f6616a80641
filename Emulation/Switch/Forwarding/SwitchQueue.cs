using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch.Forwarding;

/// <summary>A queue of a port with its counters. A port sends at once, so no queue ever overruns and its minimum rate always holds.</summary>
internal sealed class SwitchQueue(QueueOptions options)
{
    public uint Id { get; } = options.Id;

    /// <summary>In tenths of a percent.</summary>
    public ushort MinRate { get; } = options.MinRate;

    public ulong TxPackets { get; private set; }

    public ulong TxBytes { get; private set; }

    /// <summary>Counts a frame that went out.</summary>
    public void Count(int length)
    {
        TxPackets++;
        TxBytes += (uint)length;
    }

    public QueueStats Statistics(ushort port) => new() { PortNumber = port, QueueId = Id, TxPackets = TxPackets, TxBytes = TxBytes };
}

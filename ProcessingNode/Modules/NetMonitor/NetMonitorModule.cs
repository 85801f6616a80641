using System.Globalization;
using NetServ.Modules.Abstractions;

namespace NetServ.Modules.NetMonitor;

/// <summary>
/// Counts packets by IPv4 source, destination and time to live, and lets every one of them pass. The table holds <c>table-size</c> rows (property,
/// 1 to 65536, default 1024); packets that find it full are counted as <c>other</c>. With property <c>release-after</c> (a number of packets, default
/// 0: never) a row that has so many has been seen enough of, and the flows of its further packets are released. Counters: <c>packets</c>, <c>bytes</c>, <c>other</c>,
/// <c>flows</c>, and <c>SOURCE&gt;DESTINATION ttl=N</c> for the rows seen most.
/// </summary>
public sealed class NetMonitorModule : IModule
{
    private FlowTable _table = new(1024);
    private long _releaseAfter;
    private long _packets;
    private long _bytes;
    private long _other;

    /// <inheritdoc/>
    public void Start(ModuleContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        string text = context.Properties.GetValueOrDefault("table-size", "1024");
        if (!int.TryParse(text, out int size) || size is < 1 or > 65536)
            throw new ArgumentException($"property table-size is '{text}'; use a number from 1 to 65536");
        _table = new FlowTable(size);
        string after = context.Properties.GetValueOrDefault("release-after", "0");
        if (!long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out _releaseAfter))
            throw new ArgumentException($"property release-after is '{after}'; use a number of packets, 0 for never");
    }

    /// <inheritdoc/>
    public Verdict Process(ref Packet packet, IEmitter emitter)
    {
        Volatile.Write(ref _packets, _packets + 1);
        Volatile.Write(ref _bytes, _bytes + packet.Length);
        long count = packet.IsIpv4 ? _table.Count(packet.Source, packet.Destination, packet.TimeToLive) : 0;
        if (count == 0)
            Volatile.Write(ref _other, _other + 1);
        else if (_releaseAfter > 0 && count >= _releaseAfter)
            packet.Release();
        return Verdict.Pass;
    }

    /// <inheritdoc/>
    public void Stop()
    {
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, long> ReadCounters()
    {
        Dictionary<string, long> counters = new()
        {
            ["packets"] = Volatile.Read(ref _packets),
            ["bytes"] = Volatile.Read(ref _bytes),
            ["other"] = Volatile.Read(ref _other),
            ["flows"] = _table.Rows,
        };
        foreach (FlowCount row in _table.ReadTop(ReportedRows))
            counters[$"{row.Source}>{row.Destination} ttl={row.TimeToLive}"] = row.Packets;
        return counters;
    }

    private const int ReportedRows = 16;
}

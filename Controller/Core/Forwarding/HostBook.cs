using System.Collections.Immutable;
using NetServ.Controller.Core.Topology;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>Core's directory of hosts: takes what sessions hear, in order, and has all loops told what came of it.</summary>
public sealed class HostBook(CoreContext context, Action<ushort> noteVlan, int most = HostDirectory.DefaultMost)
{
    private const int ReportsAtOnce = 20;
    private const int ReportsEvery = 1000;

    private readonly List<HostPlace> _taken = [];
    private long _reportsFrom;
    private int _reports;

    /// <summary>What came of the last that was heard.</summary>
    internal IReadOnlyList<HostPlace> Taken => _taken;

    /// <summary>Where they are.</summary>
    public HostDirectory Hosts { get; } = new(most);

    internal void Take(ImmutableArray<HostPlace> heard)
    {
        _taken.Clear();
        foreach (HostPlace host in heard)
        {
            bool known = Hosts.TryFind(host.Key, out PortId before);
            Hosts.Take(host);
            bool stays = Hosts.TryFind(host.Key, out PortId after);
            if (host.IsGone ? stays : after != host.At)
                continue;
            _taken.Add(host with { Stays = known && stays && before == after });
            if (!host.IsGone)
                noteVlan(host.Key.Vlan);
            if (known && stays && before != after)
                Report(host, before);
        }
        context.Do(new CoreEffect.PublishHosts([.. _taken], heard.Length));
    }

    // An address that is heard at two edges in turn must not drown what else is told.
    private void Report(in HostPlace host, PortId before)
    {
        if (context.Now - _reportsFrom >= ReportsEvery)
            (_reportsFrom, _reports) = (context.Now, 0);
        if (_reports++ < ReportsAtOnce)
            context.Report("host-moved", $"host {host.Key} moved from {before} to {host.At}", ("host", host.Key), ("from", before), ("to", host.At));
    }
}

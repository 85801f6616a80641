using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>The ports of a switch.</summary>
public sealed class PortTable
{
    private readonly SortedDictionary<ushort, SwitchPort> _ports = [];
    private ushort[] _up = [];

    /// <summary>All of them by number.</summary>
    public ImmutableArray<SwitchPort> All => [.. _ports.Values];

    /// <summary>Those that are up and flood, by number.</summary>
    public ushort[] Flooding { get; private set; } = [];

    /// <summary>Whether frames go through a port.</summary>
    public bool IsUp(ushort port) => _up.AsSpan().Contains(port);

    /// <summary>A port by its number.</summary>
    public bool TryFind(ushort port, [NotNullWhen(true)] out SwitchPort? found) => _ports.TryGetValue(port, out found);

    /// <summary>Adds or replaces a port; returns whether anything changed.</summary>
    public bool Set(in PhyPort port)
    {
        bool up = (port.Config & PortConfig.PortDown) == 0 && (port.State & PortState.LinkDown) == 0;
        bool floods = up && (port.Config & (PortConfig.NoFlood | PortConfig.NoForward)) == 0;
        SwitchPort now = new(port.PortNumber, port.Name.ToString(), port.HardwareAddress, up, floods);
        bool changed = !_ports.TryGetValue(now.Number, out SwitchPort? before) || before != now;
        _ports[now.Number] = now;
        Refresh();
        return changed;
    }

    /// <summary>Takes a port away; returns whether it was there.</summary>
    public bool Remove(ushort port)
    {
        bool there = _ports.Remove(port);
        Refresh();
        return there;
    }

    private void Refresh()
    {
        Flooding = [.. _ports.Values.Where(p => p.Floods).Select(p => p.Number)];
        _up = [.. _ports.Values.Where(p => p.Up).Select(p => p.Number)];
    }
}

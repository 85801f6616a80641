using NetServ.Emulation.Switch.Table;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch;

public sealed partial class EmulatedSwitch
{
    /// <summary>How many entries the table holds.</summary>
    public int FlowCount => _table.Count;

    /// <summary>A copy of the table, oldest entry first, to look at from outside.</summary>
    public IReadOnlyList<FlowView> Flows
    {
        get
        {
            List<FlowView> flows = new(_table.Count);
            foreach (FlowEntry entry in _table.Entries)
            {
                ActionList.TryRead(entry.ActionBytes, out ActionList actions, out _);
                flows.Add(new FlowView(entry.Match, entry.Priority, entry.Cookie, actions.ToString(), entry.Packets, entry.Bytes));
            }
            return flows;
        }
    }
}

/// <summary>An entry as it was when asked: <paramref name="Actions"/> as ovs-ofctl writes them.</summary>
public sealed record FlowView(Match Match, ushort Priority, ulong Cookie, string Actions, ulong Packets, ulong Bytes);

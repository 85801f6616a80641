using NetServ.Emulation.Switch.Forwarding;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch.Table;

/// <summary>Changes the tables as FLOW_MODs say (OpenFlow 1.0.0 sections 4.6 and 5.3.3). OFPFF_EMERG says which table is meant.</summary>
/// <param name="normal">The table.</param>
/// <param name="emergency">The emergency table; null when there is none.</param>
/// <param name="ports">The ports, whose queues actions may name.</param>
/// <param name="removed">Hears of entries that were deleted.</param>
internal sealed class FlowModifier(FlowTable normal, FlowTable? emergency, PortSet ports, Action<FlowEntry, FlowRemovedReason, TimeSpan> removed)
{
    // What a flow statistics entry needs beyond what the FLOW_MOD itself had; longer action lists could not be told of.
    private const int MaxActionBytes = Framing.MaxLength - 12 - 88;

    private readonly List<SwitchAction> _compiled = [];
    private readonly List<FlowEntry> _selected = [];

    /// <summary>Carries out a FLOW_MOD but for its buffer; null, or the error to answer with nothing changed.</summary>
    public ErrorCode? Apply(in FlowMod mod, TimeSpan now)
    {
        if (mod.Command > FlowModCommand.DeleteStrict)
            return ErrorCode.FlowModFailedBadCommand;
        bool deletes = mod.Command >= FlowModCommand.Delete;
        if (!deletes && Fault(mod) is { } fault)
            return fault;
        if (((mod.Flags & FlowModFlags.Emergency) == 0 ? normal : emergency) is not { } table)
            return deletes ? null : ErrorCode.FlowModFailedAllTablesFull;
        Match match = mod.Match.Normalize();
        // Whatever ignores nothing on the wire has the highest priority, also where normalising makes it ignore some fields.
        ushort priority = (mod.Match.Wildcards & Wildcard.DefinedBits) == 0 ? ushort.MaxValue : mod.Priority;
        switch (mod.Command)
        {
            case FlowModCommand.Add:
                return Add(table, mod, match, priority, now);
            case FlowModCommand.Modify or FlowModCommand.ModifyStrict:
                Select(table, match, priority, mod.Command == FlowModCommand.ModifyStrict, PortNo.None);
                return Modify(table, mod, match, priority, now);
            default:
                Select(table, match, priority, mod.Command == FlowModCommand.DeleteStrict, mod.OutPort);
                foreach (FlowEntry entry in _selected)
                    Delete(table, entry, now);
                return null;
        }
    }

    private ErrorCode? Fault(in FlowMod mod)
    {
        _compiled.Clear();
        if (mod.Actions.Length > MaxActionBytes)
            return ErrorCode.BadActionTooMany;
        if (!ActionCompiler.TryCompile(mod.Actions, fromPacketOut: false, ports, _compiled, out ErrorCode error))
            return error;
        bool timed = mod.IdleTimeout != 0 || mod.HardTimeout != 0;
        return timed && (mod.Flags & FlowModFlags.Emergency) != 0 ? ErrorCode.FlowModFailedBadEmergTimeout : null;
    }

    // An entry of the same match overlaps as any other does: the flag forbids to replace it.
    private ErrorCode? Add(FlowTable table, in FlowMod mod, in Match match, ushort priority, TimeSpan now)
    {
        FlowEntry? same = table.FindStrict(match, priority);
        if ((mod.Flags & FlowModFlags.CheckOverlap) != 0 && table.Overlaps(match, priority))
            return ErrorCode.FlowModFailedOverlap;
        if (same is null && table.Count >= table.Capacity)
            return ErrorCode.FlowModFailedAllTablesFull;
        if (same is not null)
            table.Remove(same);
        table.Add(new FlowEntry(match, priority)
        {
            Cookie = mod.Cookie,
            IdleTimeout = mod.IdleTimeout,
            HardTimeout = mod.HardTimeout,
            Flags = mod.Flags,
            ActionBytes = mod.Actions.Bytes.ToArray(),
            Actions = [.. _compiled],
            Created = now,
            LastUsed = now,
        });
        return null;
    }

    // Changes what the entries do and leaves counters and time-outs; with none to change it adds.
    private ErrorCode? Modify(FlowTable table, in FlowMod mod, in Match match, ushort priority, TimeSpan now)
    {
        if (_selected.Count == 0)
            return Add(table, mod, match, priority, now);
        byte[] bytes = mod.Actions.Bytes.ToArray();
        SwitchAction[] actions = [.. _compiled];
        foreach (FlowEntry entry in _selected)
        {
            entry.ActionBytes = bytes;
            entry.Actions = actions;
            entry.Cookie = mod.Cookie;
            table.Hardware?.Changed(entry);
        }
        return null;
    }

    private void Select(FlowTable table, in Match match, ushort priority, bool strict, ushort outPort)
    {
        _selected.Clear();
        if (strict)
        {
            if (table.FindStrict(match, priority) is { } only && only.OutputsTo(outPort))
                _selected.Add(only);
            return;
        }
        table.SelectCovered(match, _selected);
        _selected.RemoveAll(entry => !entry.OutputsTo(outPort));
    }

    private void Delete(FlowTable table, FlowEntry entry, TimeSpan now)
    {
        table.Remove(entry);
        removed(entry, FlowRemovedReason.Delete, now);
    }
}

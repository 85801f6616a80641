using NetServ.Emulation.Switch.Table;

namespace NetServ.Benchmarks.Lookup;

/// <summary>The rules highest first, the first that matches wins: what the table is measured against, and what it has to agree with.</summary>
internal sealed class LinearScan
{
    private readonly (FlowBits Mask, FlowBits Bits, FlowEntry Entry)[] _rules;

    public LinearScan(IEnumerable<FlowEntry> entries) =>
        _rules = [.. entries.OrderByDescending(e => e.Rank).ThenBy(e => e.Sequence).Select(e => (e.Mask, e.Bits, e))];

    public FlowEntry? Lookup(in FlowBits key)
    {
        foreach (ref readonly (FlowBits Mask, FlowBits Bits, FlowEntry Entry) rule in _rules.AsSpan())
            if (key.And(rule.Mask).Same(rule.Bits))
                return rule.Entry;
        return null;
    }
}

using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch.Table;

/// <summary>Which entries a match concerns. A mask that lacks a bit of the match holds none; one that has all of it is a single look.</summary>
internal sealed partial class FlowTable
{
    /// <summary>Appends the entries that are equal to the match or more specific, oldest first.</summary>
    public void SelectCovered(in Match match, List<FlowEntry> into)
    {
        FlowBits mask = FlowBits.MaskOf(match);
        FlowBits bits = FlowBits.ValueOf(match);
        for (int i = 0; i < _masks.Count; i++)
            if (_masks[i].Mask.And(mask).Same(mask))
                _masks[i].Collect(mask, bits, into);
        into.Sort(static (a, b) => a.Sequence.CompareTo(b.Sequence));
    }

    /// <summary>Whether an entry of the same rank could match the same frame.</summary>
    public bool Overlaps(in Match match, ushort priority)
    {
        int rank = FlowEntry.RankOf(match, priority);
        FlowBits mask = FlowBits.MaskOf(match);
        FlowBits bits = FlowBits.ValueOf(match);
        for (int i = 0; i < _masks.Count && _masks[i].RankBound >= rank; i++)
        {
            FlowBits both = _masks[i].Mask.And(mask);
            if (_masks[i].Any(both, bits.And(both), rank))
                return true;
        }
        return false;
    }
}

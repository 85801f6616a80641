namespace NetServ.Emulation.Switch.Table;

/// <summary>
/// The distinct parts that masks have in some words, and for each part a bit for every value that entries want to see there. A frame whose value
/// has no bit meets none of the masks of that part, so most masks of a large rule set are never looked into. The bits may be too many, never too few.
/// </summary>
/// <param name="words">The words that are looked at.</param>
internal sealed class StageList(FlowBits words)
{
    // Parts beyond are not told apart, and always live.
    private const int Last = 63;
    private const int BitsPerEntry = 16;

    private readonly Stage[] _stages = new Stage[Last];
    private int _count;

    /// <summary>The number of the part that a mask has, which is to be told of its entries from now on.</summary>
    public int Join(SubTable table)
    {
        FlowBits part = table.Mask.And(words);
        int at = 0;
        while (at < _count && !_stages[at].Mask.Same(part))
            at++;
        if (at == Last)
            return Last;
        if (at == _count)
            _stages[_count++] = new Stage { Mask = part, Filter = new uint[8], Shift = 56, Members = [] };
        _stages[at].Members.Add(table);
        return at;
    }

    public void Leave(int number, SubTable table)
    {
        if (number < Last)
            _stages[number].Members.Remove(table);
    }

    /// <summary>Takes in what an entry that has been added wants to see.</summary>
    public void Add(int number, in FlowBits bits)
    {
        if (number == Last)
            return;
        ref Stage stage = ref _stages[number];
        if (++stage.Added * BitsPerEntry > stage.Filter.Length * 32)
            Rebuild(ref stage);
        else
            stage.Set(bits);
    }

    /// <summary>A bit for each part that the frame may meet.</summary>
    public ulong Alive(in FlowBits key)
    {
        ulong alive = 1UL << Last;
        Span<Stage> stages = _stages.AsSpan(0, _count);
        for (int i = 0; i < stages.Length; i++)
        {
            ref Stage stage = ref stages[i];
            ulong bit = key.HashBehind(stage.Mask) >> stage.Shift;
            alive |= ((stage.Filter[bit >> 5] >> (int)bit) & 1UL) << i;
        }
        return alive;
    }

    // From the entries that are left, with room for as many more.
    private static void Rebuild(ref Stage stage)
    {
        int entries = 0;
        foreach (SubTable member in stage.Members)
            entries += member.Count;
        int log = 8;
        while ((1L << log) < 2L * BitsPerEntry * entries)
            log++;
        stage.Added = entries;
        stage.Shift = 64 - log;
        stage.Filter = new uint[1 << (log - 5)];
        foreach (SubTable member in stage.Members)
            foreach (FlowBits bits in member.Keys)
                stage.Set(bits);
    }

    private struct Stage
    {
        public FlowBits Mask;
        public uint[] Filter;
        public int Shift;
        public int Added;
        public List<SubTable> Members;

        public readonly void Set(in FlowBits bits)
        {
            ulong bit = bits.HashBehind(Mask) >> Shift;
            Filter[bit >> 5] |= 1u << (int)bit;
        }
    }
}

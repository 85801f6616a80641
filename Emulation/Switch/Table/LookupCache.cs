namespace NetServ.Emulation.Switch.Table;

/// <summary>The answers for the last frames, by their whole keys; every change of the table makes it forget all.</summary>
internal sealed class LookupCache
{
    private const int Log = 13;

    private readonly Answer[] _answers = new Answer[1 << Log];
    private int _generation = 1;

    /// <summary>The table has changed.</summary>
    public void Forget() => _generation++;

    /// <summary>The answer for a key and its hash; false when it is not known.</summary>
    public bool TryFind(in FlowBits key, ulong hash, out FlowEntry? entry)
    {
        ref Answer answer = ref _answers[hash >> (64 - Log)];
        entry = answer.Entry;
        return answer.Generation == _generation && answer.Key.Same(key);
    }

    public void Remember(in FlowBits key, ulong hash, FlowEntry? entry)
    {
        ref Answer answer = ref _answers[hash >> (64 - Log)];
        answer.Key = key;
        answer.Entry = entry;
        answer.Generation = _generation;
    }

    private struct Answer
    {
        public FlowBits Key;
        public FlowEntry? Entry;
        public int Generation;
    }
}

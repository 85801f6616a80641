namespace NetServ.OpenFlow;

/// <summary>Flows of an OFPST_FLOW reply over their bytes; validated, so enumeration cannot fail and allocates nothing.</summary>
public readonly ref struct FlowStatsList
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal FlowStatsList(ReadOnlySpan<byte> validated) => _bytes = validated;

    /// <summary>The entries on the wire.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Bytes on the wire.</summary>
    public int Length => _bytes.Length;

    /// <summary>How many; counts by walking.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (FlowStatsEntry _ in this)
                count++;
            return count;
        }
    }

    /// <summary>Checks that <paramref name="bytes"/> are whole entries with whole actions. Offsets in the error count from <paramref name="offset"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FlowStatsList value, out DecodeError error, int offset = 0)
    {
        value = default;
        error = default;
        for (int at = 0; at < bytes.Length;)
        {
            int left = bytes.Length - at;
            if (left < FlowStatsEntry.FixedSize)
            {
                error = new DecodeError(DecodeErrorCode.BadElementLength, "ofp_flow_stats", offset + at) { Found = (uint)left, Expected = FlowStatsEntry.FixedSize };
                return false;
            }
            int length = Wire.U16(bytes, at);
            if (length < FlowStatsEntry.FixedSize || length > left)
            {
                uint limit = length > left ? (uint)left : FlowStatsEntry.FixedSize;
                error = new DecodeError(DecodeErrorCode.BadElementLength, "ofp_flow_stats.length", offset + at) { Found = (uint)length, Expected = limit };
                return false;
            }
            int actions = at + FlowStatsEntry.FixedSize;
            if (!ActionList.TryRead(bytes[actions..(at + length)], out _, out error, offset + actions))
                return false;
            at += length;
        }
        value = new FlowStatsList(bytes);
        return true;
    }

    /// <summary>First to last.</summary>
    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>Walks the entries.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private ReadOnlySpan<byte> _current;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _rest = bytes;

        /// <summary>The entry at hand.</summary>
        public readonly FlowStatsEntry Current => FlowStatsEntry.Read(_current);

        /// <summary>Steps to the next entry.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            int length = Wire.U16(_rest, 0);
            _current = _rest[..length];
            _rest = _rest[length..];
            return true;
        }
    }
}

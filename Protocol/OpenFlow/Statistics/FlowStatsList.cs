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
            if (!TryCheck(bytes[at..], offset + at, out int length, out error))
                return false;
            at += length;
        }
        value = new FlowStatsList(bytes);
        return true;
    }

    /// <summary>The whole entries before the first fault.</summary>
    internal static FlowStatsList ValidPrefix(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length && TryCheck(bytes[at..], 0, out int length, out _))
            at += length;
        return new FlowStatsList(bytes[..at]);
    }

    private static bool TryCheck(ReadOnlySpan<byte> rest, int offset, out int length, out DecodeError error)
    {
        length = 0;
        if (rest.Length < FlowStatsEntry.FixedSize)
        {
            error = new DecodeError(DecodeErrorCode.BadElementLength, "ofp_flow_stats", offset) { Found = (uint)rest.Length, Expected = FlowStatsEntry.FixedSize };
            return false;
        }
        length = Wire.U16(rest, 0);
        if (length < FlowStatsEntry.FixedSize || length > rest.Length)
        {
            uint limit = length > rest.Length ? (uint)rest.Length : FlowStatsEntry.FixedSize;
            error = new DecodeError(DecodeErrorCode.BadElementLength, "ofp_flow_stats.length", offset) { Found = (uint)length, Expected = limit };
            return false;
        }
        return ActionList.TryRead(rest[FlowStatsEntry.FixedSize..length], out _, out error, offset + FlowStatsEntry.FixedSize);
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

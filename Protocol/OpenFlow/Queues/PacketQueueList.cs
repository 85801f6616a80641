namespace NetServ.OpenFlow;

/// <summary>Queues of a QUEUE_GET_CONFIG_REPLY over their bytes; validated, so enumeration cannot fail and allocates nothing.</summary>
public readonly ref struct PacketQueueList
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal PacketQueueList(ReadOnlySpan<byte> validated) => _bytes = validated;

    /// <summary>The queues on the wire.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Bytes on the wire.</summary>
    public int Length => _bytes.Length;

    /// <summary>Checks that <paramref name="bytes"/> are whole queues with whole properties. Offsets in the error count from <paramref name="offset"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PacketQueueList value, out DecodeError error, int offset = 0)
    {
        value = default;
        error = default;
        for (int at = 0; at < bytes.Length;)
        {
            if (!PacketQueue.TryCheck(bytes[at..], offset + at, out int length, out error))
                return false;
            at += length;
        }
        value = new PacketQueueList(bytes);
        return true;
    }

    /// <summary>The whole queues before the first fault.</summary>
    internal static PacketQueueList ValidPrefix(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length && PacketQueue.TryCheck(bytes[at..], 0, out int length, out _))
            at += length;
        return new PacketQueueList(bytes[..at]);
    }

    /// <summary>First to last.</summary>
    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>Walks the queues.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private ReadOnlySpan<byte> _current;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _rest = bytes;

        /// <summary>The queue at hand.</summary>
        public readonly PacketQueue Current => new(_current);

        /// <summary>Steps to the next queue.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            int length = Wire.U16(_rest, 4);
            _current = _rest[..length];
            _rest = _rest[length..];
            return true;
        }
    }
}

namespace NetServ.OpenFlow;

/// <summary>
/// Structures of fixed size in their order: over bytes on the wire when read, over a caller's values when built. The default value is empty.
/// </summary>
public readonly ref struct WireList<T>
    where T : struct, IWireStruct<T>
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ReadOnlySpan<T> _values;

    /// <summary>Values to be written.</summary>
    public WireList(ReadOnlySpan<T> values) => _values = values;

    internal WireList(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>How many.</summary>
    public int Count => _values.IsEmpty ? _bytes.Length / T.WireSize : _values.Length;

    /// <summary>Bytes on the wire.</summary>
    public int Length => Count * T.WireSize;

    /// <summary>One of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such index.</exception>
    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _values.IsEmpty ? T.Read(_bytes[(index * T.WireSize)..]) : _values[index];
        }
    }

    /// <summary>Values to be written.</summary>
    public static implicit operator WireList<T>(ReadOnlySpan<T> values) => new(values);

    /// <summary>Values to be written.</summary>
    public static implicit operator WireList<T>(T[] values) => new(values);

    /// <summary>First to last.</summary>
    public Enumerator GetEnumerator() => new(this);

    internal void WriteTo(Span<byte> destination)
    {
        int at = 0;
        foreach (T value in this)
        {
            value.WriteTo(destination[at..]);
            at += T.WireSize;
        }
    }

    /// <summary>Walks the structures.</summary>
    public ref struct Enumerator
    {
        private readonly WireList<T> _list;
        private int _index;

        internal Enumerator(WireList<T> list)
        {
            _list = list;
            _index = -1;
        }

        /// <summary>The one at hand.</summary>
        public readonly T Current => _list[_index];

        /// <summary>Steps to the next.</summary>
        public bool MoveNext() => ++_index < _list.Count;
    }
}

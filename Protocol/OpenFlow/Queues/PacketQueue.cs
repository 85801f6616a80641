namespace NetServ.OpenFlow;

/// <summary>ofp_packet_queue (OpenFlow 1.0.0 section 5.2.2): a queue and its properties, over validated bytes.</summary>
public readonly ref struct PacketQueue
{
    internal const int FixedSize = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    internal PacketQueue(ReadOnlySpan<byte> validated) => _bytes = validated;

    /// <summary>Its id.</summary>
    public uint QueueId => Wire.U32(_bytes, 0);

    /// <summary>Bytes on the wire.</summary>
    public int Length => _bytes.Length;

    /// <summary>Its properties, first to last.</summary>
    public Enumerator GetEnumerator() => new(_bytes[FixedSize..]);

    internal static bool TryCheck(ReadOnlySpan<byte> rest, int offset, out int length, out DecodeError error)
    {
        length = 0;
        error = default;
        if (rest.Length < FixedSize)
        {
            error = new DecodeError(DecodeErrorCode.BadElementLength, "ofp_packet_queue", offset) { Found = (uint)rest.Length, Expected = FixedSize };
            return false;
        }
        length = Wire.U16(rest, 4);
        if (length < FixedSize || length > rest.Length)
        {
            uint limit = length < FixedSize ? FixedSize : (uint)rest.Length;
            error = new DecodeError(DecodeErrorCode.BadElementLength, "ofp_packet_queue.len", offset + 4) { Found = (uint)length, Expected = limit };
            return false;
        }
        for (int at = FixedSize; at < length;)
        {
            if (!TryCheckProperty(rest[at..length], offset + at, out int size, out error))
                return false;
            at += size;
        }
        return true;
    }

    private static bool TryCheckProperty(ReadOnlySpan<byte> rest, int offset, out int length, out DecodeError error)
    {
        length = 0;
        error = default;
        if (rest.Length < 8)
        {
            error = new DecodeError(DecodeErrorCode.BadElementLength, "ofp_queue_prop_header", offset) { Found = (uint)rest.Length, Expected = 8 };
            return false;
        }
        ushort type = Wire.U16(rest, 0);
        length = Wire.U16(rest, 2);
        int size = QueueProperty.SizeOf((QueuePropertyType)type);
        if (size == 0)
            error = new DecodeError(DecodeErrorCode.UnknownQueueProperty, "ofp_queue_prop_header.property", offset) { Found = type };
        else if (length != size)
            error = new DecodeError(DecodeErrorCode.BadElementLength, "ofp_queue_prop_header.len", offset + 2) { Found = (uint)length, Expected = (uint)size };
        else if (length > rest.Length)
            error = new DecodeError(DecodeErrorCode.BadElementLength, "ofp_queue_prop_header.len", offset + 2) { Found = (uint)length, Expected = (uint)rest.Length };
        return error.Code == DecodeErrorCode.None;
    }

    /// <summary>Walks the properties.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private ReadOnlySpan<byte> _current;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _rest = bytes;

        /// <summary>The property at hand.</summary>
        public readonly QueueProperty Current => QueueProperty.Read(_current);

        /// <summary>Steps to the next property.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            int length = Wire.U16(_rest, 2);
            _current = _rest[..length];
            _rest = _rest[length..];
            return true;
        }
    }
}

using System.Text;

namespace NetServ.OpenFlow;

/// <summary>
/// Actions in their order, over their bytes on the wire. It has passed <see cref="TryRead"/> or comes from an <see cref="ActionWriter"/>, so
/// enumeration cannot fail and allocates nothing. The default value has no actions.
/// </summary>
public readonly ref struct ActionList
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal ActionList(ReadOnlySpan<byte> validated) => _bytes = validated;

    /// <summary>The actions on the wire.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Bytes on the wire.</summary>
    public int Length => _bytes.Length;

    /// <summary>Whether there are none: the frame is dropped.</summary>
    public bool IsEmpty => _bytes.IsEmpty;

    /// <summary>How many there are; counts by walking.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (ActionView _ in this)
                count++;
            return count;
        }
    }

    /// <summary>Checks that <paramref name="bytes"/> are whole actions with the lengths of their types. Offsets in the error count from <paramref name="offset"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ActionList value, out DecodeError error, int offset = 0)
    {
        value = default;
        int at = 0;
        while (at < bytes.Length)
        {
            if (!TryCheck(bytes[at..], offset + at, out int length, out error))
                return false;
            at += length;
        }
        value = new ActionList(bytes);
        error = default;
        return true;
    }

    /// <summary>The whole actions before the first fault.</summary>
    internal static ActionList ValidPrefix(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length && TryCheck(bytes[at..], 0, out int length, out _))
            at += length;
        return new ActionList(bytes[..at]);
    }

    /// <summary>First to last.</summary>
    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>As ovs-ofctl writes it, "output:1,output:2"; "drop" when empty.</summary>
    public override string ToString()
    {
        if (IsEmpty)
            return "drop";
        StringBuilder text = new();
        foreach (ActionView action in this)
            text.Append(text.Length > 0 ? "," : "").Append(action.ToString());
        return text.ToString();
    }

    private static bool TryCheck(ReadOnlySpan<byte> rest, int offset, out int length, out DecodeError error)
    {
        length = 0;
        error = default;
        if (rest.Length < 8)
        {
            error = new DecodeError(DecodeErrorCode.BadElementLength, "ofp_action_header", offset) { Found = (uint)rest.Length, Expected = 8 };
            return false;
        }
        ushort type = Wire.U16(rest, 0);
        length = Wire.U16(rest, 2);
        int size = SizeOf((ActionType)type);
        if (size == 0)
            error = new DecodeError(DecodeErrorCode.UnknownAction, "ofp_action_header.type", offset) { Found = type };
        else if (length < 8 || length % 8 != 0)
            error = new DecodeError(DecodeErrorCode.BadElementLength, "ofp_action_header.len", offset + 2) { Found = (uint)length };
        else if (length > rest.Length)
            error = new DecodeError(DecodeErrorCode.BadElementLength, "ofp_action_header.len", offset + 2) { Found = (uint)length, Expected = (uint)rest.Length };
        else if (size > 0 && length != size)
            error = new DecodeError(DecodeErrorCode.BadElementLength, "ofp_action_header.len", offset + 2) { Found = (uint)length, Expected = (uint)size };
        return error.Code == DecodeErrorCode.None;
    }

    // 0: no such type, -1: any multiple of 8.
    private static int SizeOf(ActionType type) => type switch
    {
        ActionType.SetDlSrc or ActionType.SetDlDst or ActionType.Enqueue => 16,
        <= ActionType.SetTpDst => 8,
        ActionType.Vendor => -1,
        _ => 0,
    };

    /// <summary>Walks the actions.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private ReadOnlySpan<byte> _current;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _rest = bytes;

        /// <summary>The action at hand.</summary>
        public readonly ActionView Current => new(_current);

        /// <summary>Steps to the next action.</summary>
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

namespace NetServ.OpenFlow;

/// <summary>A message that can be written.</summary>
public interface IMessage
{
    /// <summary>Bytes on the wire, header included.</summary>
    int Length { get; }

    /// <summary>Writes the message to the start of <paramref name="destination"/> and returns <see cref="Length"/>.</summary>
    /// <exception cref="ArgumentException">The destination is too small, or the message exceeds 65535 bytes.</exception>
    int Write(Span<byte> destination);
}

/// <summary>A message that can be written and read.</summary>
public interface IMessage<TSelf> : IMessage
    where TSelf : struct, IMessage<TSelf>, allows ref struct
{
    /// <summary>Reads exactly one whole message, header included. Never throws.</summary>
    static abstract bool TryRead(ReadOnlySpan<byte> message, out TSelf value, out DecodeError error);
}

namespace NetServ.OpenFlow;

/// <summary>A structure of fixed size that messages repeat.</summary>
public interface IWireStruct<TSelf>
    where TSelf : struct, IWireStruct<TSelf>
{
    /// <summary>Bytes on the wire.</summary>
    static abstract int WireSize { get; }

    /// <summary>Reads the structure from the start of <paramref name="source"/>.</summary>
    static abstract TSelf Read(ReadOnlySpan<byte> source);

    /// <summary>Writes the structure to the start of <paramref name="destination"/>.</summary>
    void WriteTo(Span<byte> destination);
}

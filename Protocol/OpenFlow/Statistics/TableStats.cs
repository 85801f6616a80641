namespace NetServ.OpenFlow;

/// <summary>ofp_table_stats (OpenFlow 1.0.0 section 5.3.5).</summary>
public readonly record struct TableStats : IWireStruct<TableStats>
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 64;

    /// <summary>Its id.</summary>
    public byte TableId { get; init; }

    /// <summary>Its name.</summary>
    public TableName Name { get; init; }

    /// <summary>Bits of <see cref="Wildcard"/> that it supports.</summary>
    public uint Wildcards { get; init; }

    /// <summary>Flows it can hold.</summary>
    public uint MaxEntries { get; init; }

    /// <summary>Flows it holds.</summary>
    public uint ActiveCount { get; init; }

    /// <summary>Frames looked up.</summary>
    public ulong LookupCount { get; init; }

    /// <summary>Frames that matched.</summary>
    public ulong MatchedCount { get; init; }

    static int IWireStruct<TableStats>.WireSize => Size;

    /// <summary>Reads the first 64 bytes of <paramref name="source"/>.</summary>
    public static TableStats Read(ReadOnlySpan<byte> source) => new()
    {
        TableId = source[0],
        Name = TableName.Read(source[4..]),
        Wildcards = Wire.U32(source, 36),
        MaxEntries = Wire.U32(source, 40),
        ActiveCount = Wire.U32(source, 44),
        LookupCount = Wire.U64(source, 48),
        MatchedCount = Wire.U64(source, 56),
    };

    /// <summary>Writes 64 bytes to the start of <paramref name="destination"/>.</summary>
    public void WriteTo(Span<byte> destination)
    {
        Span<byte> to = destination[..Size];
        to.Clear();
        to[0] = TableId;
        Name.WriteTo(to[4..]);
        Wire.U32(to, 36, Wildcards);
        Wire.U32(to, 40, MaxEntries);
        Wire.U32(to, 44, ActiveCount);
        Wire.U64(to, 48, LookupCount);
        Wire.U64(to, 56, MatchedCount);
    }
}

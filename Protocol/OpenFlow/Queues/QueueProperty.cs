namespace NetServ.OpenFlow;

/// <summary>ofp_queue_prop_header and what follows it (OpenFlow 1.0.0 section 5.2.2). <paramref name="Rate"/> is in tenths of a percent, above 1000 is disabled; of MIN_RATE only.</summary>
public readonly record struct QueueProperty(QueuePropertyType Type, ushort Rate)
{
    /// <summary>Bytes on the wire.</summary>
    public int Length => SizeOf(Type);

    /// <summary>0: no such property.</summary>
    internal static int SizeOf(QueuePropertyType type) => type switch
    {
        QueuePropertyType.None => 8,
        QueuePropertyType.MinRate => 16,
        _ => 0,
    };

    internal static QueueProperty Read(ReadOnlySpan<byte> validated)
    {
        QueuePropertyType type = (QueuePropertyType)Wire.U16(validated, 0);
        return new QueueProperty(type, type == QueuePropertyType.MinRate ? Wire.U16(validated, 8) : (ushort)0);
    }

    internal int Write(Span<byte> destination)
    {
        Span<byte> to = destination[..Length];
        to.Clear();
        Wire.U16(to, 0, (ushort)Type);
        Wire.U16(to, 2, (ushort)Length);
        if (Type == QueuePropertyType.MinRate)
            Wire.U16(to, 8, Rate);
        return Length;
    }
}

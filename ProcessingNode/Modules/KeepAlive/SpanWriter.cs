namespace NetServ.Modules.KeepAlive;

/// <summary>Appends bytes to a span and remembers if they ever did not fit.</summary>
internal ref struct SpanWriter(Span<byte> span)
{
    private readonly Span<byte> _span = span;

    public int Length { get; private set; }

    public bool Overflow { get; private set; }

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        if (Overflow || bytes.Length > _span.Length - Length)
        {
            Overflow = true;
            return;
        }
        bytes.CopyTo(_span[Length..]);
        Length += bytes.Length;
    }

    public void WriteHex(uint value)
    {
        Span<byte> digits = stackalloc byte[8];
        for (int i = 7; i >= 0; i--, value >>= 4)
            digits[i] = "0123456789abcdef"u8[(int)(value & 0xf)];
        Write(digits);
    }
}

using System.Buffers.Binary;

namespace NetServ.Fuzz;

/// <summary>Spoils inputs, the same way for the same seed.</summary>
public static class Mutator
{
    private static readonly ushort[] s_edges = [0, 1, 7, 8, 9, 15, 16, 17, 0x7fff, 0x8000, 0xfff8, 0xfffe, 0xffff];

    /// <summary>Changes <paramref name="length"/> bytes at the front of <paramref name="buffer"/> up to four times and returns the new length.</summary>
    public static int Mutate(Random random, Span<byte> buffer, int length)
    {
        for (int i = random.Next(5); i > 0; i--)
            length = MutateOnce(random, buffer, length);
        // Half of the inputs keep their OpenFlow length right, so that what lies behind the header is reached.
        if (length >= 4 && random.Next(2) == 0)
            BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], (ushort)Math.Min(length, ushort.MaxValue));
        return length;
    }

    private static int MutateOnce(Random random, Span<byte> buffer, int length)
    {
        if (length == 0)
            return Extend(random, buffer, 0);
        int at = random.Next(length);
        switch (random.Next(8))
        {
            case 0:
                buffer[at] ^= (byte)(1 << random.Next(8));
                return length;
            case 1:
                buffer[at] = (byte)random.Next(256);
                return length;
            case 2 or 3:
                at &= ~1;
                if (at + 2 <= length)
                    BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], s_edges[random.Next(s_edges.Length)]);
                return length;
            case 4:
                return at;
            case 5:
                return Extend(random, buffer, length);
            case 6:
                return Repeat(random, buffer, length, at);
            default:
                random.NextBytes(buffer.Slice(at, Math.Min(length - at, random.Next(1, 17))));
                return length;
        }
    }

    private static int Extend(Random random, Span<byte> buffer, int length)
    {
        int more = Math.Min(random.Next(1, 65), buffer.Length - length);
        random.NextBytes(buffer.Slice(length, more));
        return length + more;
    }

    private static int Repeat(Random random, Span<byte> buffer, int length, int at)
    {
        int chunk = Math.Min(Math.Min(length - at, random.Next(1, 129)), buffer.Length - length);
        buffer.Slice(at, chunk).CopyTo(buffer[length..]);
        return length + chunk;
    }
}

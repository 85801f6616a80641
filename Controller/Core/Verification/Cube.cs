using System.Numerics;
using System.Runtime.Intrinsics;

namespace NetServ.Controller.Core.Verification;

/// <summary>
/// A set of packets: those whose bits under the mask are the value's (ternary bits, 0, 1 or any; the layout is <see cref="HeaderLayout"/>'s). The
/// value is zero outside the mask. The default value holds all.
/// </summary>
internal readonly record struct Cube(Vector256<ulong> Mask, Vector256<ulong> Value)
{
    /// <summary>Whether some packet is in both.</summary>
    public bool Overlaps(in Cube other) => ((Value ^ other.Value) & Mask & other.Mask) == Vector256<ulong>.Zero;

    /// <summary>Whether this holds all packets of the other.</summary>
    public bool Covers(in Cube other) => (((Value ^ other.Value) & Mask) | Vector256.AndNot(Mask, other.Mask)) == Vector256<ulong>.Zero;

    /// <summary>The packets in both; only of cubes that overlap.</summary>
    public Cube And(in Cube other) => new(Mask | other.Mask, Value | other.Value);

    /// <summary>The half of it whose one further bit is as given.</summary>
    public Cube With(Vector256<ulong> bit, bool isSet) => new(Mask | bit, isSet ? Value | bit : Value);

    /// <summary>How many bits this looks at that the other does not.</summary>
    public int ExtraBits(in Cube other)
    {
        Vector256<ulong> extra = Vector256.AndNot(Mask, other.Mask);
        return BitOperations.PopCount(extra[0]) + BitOperations.PopCount(extra[1]) + BitOperations.PopCount(extra[2]) + BitOperations.PopCount(extra[3]);
    }
}

/// <summary>
/// What the rules on the way made of a packet: bits under the mask are the value's, the others are as they entered. The default value changes nothing.
/// </summary>
internal readonly record struct Rewrite(Vector256<ulong> Mask, Vector256<ulong> Value)
{
    /// <summary>This, then further bits.</summary>
    public Rewrite Then(in Rewrite next) => new(Mask | next.Mask, Vector256.AndNot(Value, next.Mask) | next.Value);

    /// <summary>The packets, as they entered, that this turns into packets of a cube; false if there are none.</summary>
    public bool TryPull(in Cube cube, out Cube entered)
    {
        entered = new Cube(Vector256.AndNot(cube.Mask, Mask), Vector256.AndNot(cube.Value, Mask));
        return ((Value ^ cube.Value) & Mask & cube.Mask) == Vector256<ulong>.Zero;
    }

    /// <summary>The packets, as they entered, that this and the other turn into the same packet; false if there are none.</summary>
    public bool TryAgree(in Rewrite other, out Cube entered)
    {
        Vector256<ulong> one = Mask ^ other.Mask;
        entered = new Cube(one, (Value | other.Value) & one);
        return ((Value ^ other.Value) & Mask & other.Mask) == Vector256<ulong>.Zero;
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace NetServ.Controller.Core.Steering.Filtering;

/// <summary>
/// A node of a <see cref="PrefixTrie"/>: the bit strings that begin with its prefix. It has the values of those with one to four bits more (the root also
/// that of the empty one), and longer nodes by the next four bits. Immutable.
/// </summary>
/// <typeparam name="T">The values.</typeparam>
internal sealed class PrefixNode<T>
    where T : class
{
    /// <summary>Bits by which a node branches; lengths of prefixes are multiples of it.</summary>
    public const int Stride = 4;

    // Bit (1 << k) - 1 + b stands for the bit string with k bits more, which are b.
    private readonly uint _valued;

    // Bit b stands for the node that goes on with the four bits b.
    private readonly uint _branches;

    // Most nodes have one value: it is here then, which saves the way over an array.
    private readonly T? _only;
    private readonly T[] _values;
    private readonly PrefixNode<T>[] _children;

    private PrefixNode(uint prefix, int length, uint valued, T[] values, uint branches, PrefixNode<T>[] children)
    {
        Prefix = prefix;
        Length = length;
        _valued = valued;
        _only = values.Length == 1 ? values[0] : null;
        _values = values.Length == 1 ? [] : values;
        _branches = branches;
        _children = children;
    }

    /// <summary>What all its bit strings begin with, in the uppermost bits; the others are zero.</summary>
    public uint Prefix { get; }

    /// <summary>Bits of the prefix: 0, 4, ... 28.</summary>
    public int Length { get; }

    /// <summary>The longer nodes.</summary>
    public ReadOnlySpan<PrefixNode<T>> Children => _children;

    // For four bits, the values of what they begin with: 0, 1, 2, 3 and 4 of them.
    private static ReadOnlySpan<uint> Leading =>
    [
        0x0000808b, 0x0001008b, 0x0002010b, 0x0004010b, 0x00080213, 0x00100213, 0x00200413, 0x00400413,
        0x00800825, 0x01000825, 0x02001025, 0x04001025, 0x08002045, 0x10002045, 0x20004045, 0x40004045,
    ];

    /// <summary>A node without values and children, which no trie has: give it some.</summary>
    public static PrefixNode<T> Bare(uint bits, int length) => new(bits & PrefixTrie.Mask(length), length, 0, [], 0, []);

    /// <summary>Whether a key begins with the prefix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Leads(uint key) => ((key ^ Prefix) & PrefixTrie.Mask(Length)) == 0;

    /// <summary>The node that goes on with a key's next bits, if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PrefixNode<T>? Next(uint key)
    {
        int branch = Branch(key);
        return (_branches >> branch & 1) == 0 ? null : _children[Packed.Rank(_branches, branch)];
    }

    /// <summary>Those of its values whose bit strings a key begins with, as bits for <see cref="ValueAt"/>, short ones low.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ValuesOn(uint key) => _valued & Leading[Branch(key)];

    /// <summary>The value of a bit that is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T ValueAt(int bit) => _only ?? _values[Packed.Rank(_valued, bit)];

    /// <summary>The value of a bit string of this node, null if it has none.</summary>
    public T? ValueOf(uint bits, int length)
    {
        int bit = BitOf(bits, length);
        return (_valued >> bit & 1) == 0 ? null : ValueAt(bit);
    }

    /// <summary>With another value for a bit string of this node, or none for null; null if nothing is left.</summary>
    public PrefixNode<T>? With(uint bits, int length, T? value)
    {
        T[] values = Packed.With(_valued, Values(), BitOf(bits, length), value, out uint valued);
        PrefixNode<T> changed = new(Prefix, Length, valued, values, _branches, _children);
        return value is null ? changed.Trimmed() : changed;
    }

    /// <summary>With another node for what goes on with the next bits of <paramref name="bits"/>, or none for null; null if nothing is left.</summary>
    public PrefixNode<T>? With(uint bits, PrefixNode<T>? child)
    {
        PrefixNode<T>[] children = Packed.With(_branches, _children, Branch(bits), child, out uint branches);
        PrefixNode<T> changed = new(Prefix, Length, _valued, Values(), branches, children);
        return child is null ? changed.Trimmed() : changed;
    }

    /// <summary>Its own values whose bit strings begin with the given one or the other way round.</summary>
    public IEnumerable<T> OwnOverlapping(uint bits, int length)
    {
        for (uint left = _valued; left != 0; left &= left - 1)
        {
            int bit = BitOperations.TrailingZeroCount(left);
            int more = BitOperations.Log2((uint)bit + 1);
            ulong rest = (ulong)bit + 1 - (1ul << more);
            uint own = Prefix | (uint)(rest << (32 - Length - more));
            if (((own ^ bits) & PrefixTrie.Mask(Math.Min(length, Length + more))) == 0)
                yield return ValueAt(bit);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Branch(uint key) => (int)(key >> (32 - Stride - Length)) & 15;

    private int BitOf(uint bits, int length)
    {
        int more = length - Length;
        return (1 << more) - 1 + (Branch(bits) >> (Stride - more));
    }

    private T[] Values() => _only is null ? _values : [_only];

    // Where something was taken out of it: a node that decides nothing is left out.
    private PrefixNode<T>? Trimmed() => (_valued, _children.Length) switch
    {
        (0, 0) => null,
        (0, 1) => _children[0],
        _ => this,
    };
}

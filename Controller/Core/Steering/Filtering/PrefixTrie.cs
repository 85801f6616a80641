using System.Numerics;

namespace NetServ.Controller.Core.Steering.Filtering;

/// <summary>
/// Maps from bit strings of up to 32 bits to values, as immutable tries in which each node branches by four bits (tree bitmaps: Eatherton, Varghese,
/// Dittia, 2004) and nodes that decide nothing are left out. A change copies the nodes on its way, eight at most, and shares all others. The empty map is
/// null. A bit string is in the uppermost bits of a word, the others being zero.
/// </summary>
internal static class PrefixTrie
{
    /// <summary>A one for each of the first bits.</summary>
    public static uint Mask(int length) => (uint)(ulong.MaxValue << (32 - length));

    /// <summary>All values whose bit string a key begins with, the shortest first.</summary>
    public static PrefixMatches<T> Matching<T>(this PrefixNode<T>? root, uint key)
        where T : class => new(root, key);

    /// <summary>The value of one bit string, null if it has none.</summary>
    public static T? Get<T>(this PrefixNode<T>? root, uint bits, int length)
        where T : class
    {
        int at = NodeOf<T>(length);
        PrefixNode<T>? node = root;
        while (node is not null && node.Length < at)
            node = node.Next(bits);
        return node is not null && node.Length == at && node.Leads(bits) ? node.ValueOf(bits, length) : null;
    }

    /// <summary>The map in which a bit string has this value, or none if that is null.</summary>
    public static PrefixNode<T>? Set<T>(this PrefixNode<T>? root, uint bits, int length, T? value)
        where T : class
    {
        int at = NodeOf<T>(length);
        if (root is null)
            return value is null ? null : PrefixNode<T>.Bare(bits, at).With(bits, length, value);
        int common = Math.Min(Math.Min(at, root.Length), BitOperations.LeadingZeroCount(bits ^ root.Prefix) & -PrefixNode<T>.Stride);
        if (common == root.Length)
            return root.Put(bits, length, at, value);
        if (value is null)
            return root;
        // The bit string ends or goes another way before the root's prefix ends: the root becomes a child.
        PrefixNode<T> above = PrefixNode<T>.Bare(bits, common);
        above = common == at ? above.With(bits, length, value)! : above.With(bits, default(PrefixNode<T>).Set(bits, length, value))!;
        return above.With(root.Prefix, root);
    }

    /// <summary>All values whose bit strings the given one begins with, or the other way round.</summary>
    public static IEnumerable<T> Overlapping<T>(this PrefixNode<T>? root, uint bits, int length)
        where T : class
    {
        if (root is null || ((root.Prefix ^ bits) & Mask(Math.Min(length, root.Length))) != 0)
            yield break;
        foreach (T value in root.OwnOverlapping(bits, length))
            yield return value;
        for (int i = 0; i < root.Children.Length; i++)
        {
            foreach (T value in root.Children[i].Overlapping(bits, length))
                yield return value;
        }
    }

    // The length of the node that has the values of bit strings of a length.
    private static int NodeOf<T>(int length)
        where T : class => Math.Max(length - 1, 0) & -PrefixNode<T>.Stride;

    private static PrefixNode<T>? Put<T>(this PrefixNode<T> node, uint bits, int length, int at, T? value)
        where T : class => at == node.Length ? node.With(bits, length, value) : node.With(bits, node.Next(bits).Set(bits, length, value));
}

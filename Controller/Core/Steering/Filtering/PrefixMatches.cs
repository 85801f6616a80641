using System.Numerics;

namespace NetServ.Controller.Core.Steering.Filtering;

/// <summary>Goes through the values that a key meets on its way down a <see cref="PrefixTrie"/>; allocates nothing.</summary>
/// <typeparam name="T">The values.</typeparam>
internal struct PrefixMatches<T>
    where T : class
{
    private readonly uint _key;
    private uint _left;
    private PrefixNode<T>? _node;
    private PrefixNode<T>? _next;

    /// <summary>Before the first value.</summary>
    public PrefixMatches(PrefixNode<T>? root, uint key)
    {
        _key = key;
        _next = root;
    }

    /// <summary>Goes on to the next value, null after the last.</summary>
    public T? Next()
    {
        while (_left == 0)
        {
            if (_next is null || !_next.Leads(_key))
                return null;
            _node = _next;
            _left = _node.ValuesOn(_key);
            _next = _node.Next(_key);
        }
        int bit = BitOperations.TrailingZeroCount(_left);
        _left &= _left - 1;
        return _node!.ValueAt(bit);
    }
}

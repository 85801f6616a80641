using NetServ.Controller.Core.Steering;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// What the latest FLOW_MODs were for, by transaction id, so that an error names the rule and its owner. Grows to its capacity, then forgets
/// the oldest.
/// </summary>
/// <param name="capacity">Most FLOW_MODs remembered.</param>
public sealed class SentRules(int capacity)
{
    private const int FirstSize = 16;

    private (uint Xid, RuleKind Kind, uint OwnerId)[] _entries = [];
    private int _oldest;
    private int _count;

    /// <summary>Remembers a message; ids count up, from 2^32 - 1 on to 1.</summary>
    public void Add(uint xid, RuleKind kind, uint ownerId)
    {
        if (_count == _entries.Length && _count < capacity)
            Grow();
        if (_count < _entries.Length)
            _count++;
        else
            _oldest = (_oldest + 1) % _entries.Length;
        At(_count - 1) = (xid, kind, ownerId);
    }

    /// <summary>What a message was for.</summary>
    public bool TryFind(uint xid, out RuleKind kind, out uint ownerId)
    {
        (kind, ownerId) = (default, 0);
        if (_count == 0)
            return false;
        uint first = At(0).Xid;
        int low = 0;
        // The last whose distance from the oldest is not above that of the one looked for; distances do not mind that ids wrap around.
        for (int high = _count; high - low > 1;)
        {
            int middle = (low + high) / 2;
            if (At(middle).Xid - first <= xid - first)
                low = middle;
            else
                high = middle;
        }
        (uint found, kind, ownerId) = At(low);
        return found == xid;
    }

    private ref (uint Xid, RuleKind Kind, uint OwnerId) At(int age) => ref _entries[(_oldest + age) % _entries.Length];

    private void Grow()
    {
        (uint, RuleKind, uint)[] target = new (uint, RuleKind, uint)[Math.Min(capacity, Math.Max(FirstSize, _count * 2))];
        for (int i = 0; i < _count; i++)
            target[i] = At(i);
        (_entries, _oldest) = (target, 0);
    }
}

using System.Collections.Concurrent;

namespace NetServ.Controller.Core.Placement;

/// <summary>Slot tables by their members, each made once: snapshots come and go, memberships stay. From any thread.</summary>
public sealed class SlotTables
{
    private const int MostKept = 1024;

    private readonly ConcurrentDictionary<Member[], SlotTable> _tables = new(new MembersComparer());

    /// <summary>The table of these members.</summary>
    /// <param name="members">In the order of their ids.</param>
    public SlotTable Of(Member[] members)
    {
        if (_tables.TryGetValue(members, out SlotTable? table))
            return table;
        // Memberships that are long gone go with the rest.
        if (_tables.Count >= MostKept)
            _tables.Clear();
        return _tables.GetOrAdd(members, m => SlotTable.Build(m));
    }

    private sealed class MembersComparer : IEqualityComparer<Member[]>
    {
        public bool Equals(Member[]? x, Member[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(Member[] members)
        {
            HashCode hash = default;
            foreach (Member member in members)
                hash.Add(member);
            return hash.ToHashCode();
        }
    }
}

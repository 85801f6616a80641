namespace NetServ.Controller.Core.Placement;

/// <summary>
/// Which node a flow's hash means: a function of the members and their weights alone. Each has its exact share of slots rounded down or up; a member
/// that comes or goes moves the slots that it gets or had, and of the others at most one for each hundred slots of the table. Immutable.
/// </summary>
public sealed class SlotTable
{
    /// <summary>Most members of a table.</summary>
    public const int MaxMembers = 16_384;

    // Primes, so that any step over slots meets all of them; 64 slots for each member, or shares were too coarse. Another number of slots moves
    // everything, so there are but two.
    private const int FewSlots = 65_537;
    private const int FewMembers = 1_024;
    private const int ManySlots = 1_048_583;

    private readonly Member[] _members;
    private readonly ushort[] _slots;
    private readonly Dictionary<uint, uint> _weights;

    private SlotTable(Member[] members)
    {
        _members = members;
        _weights = members.ToDictionary(m => m.NodeId, m => m.Weight);
        _slots = SlotMatching.Of(members, members.Length <= FewMembers ? FewSlots : ManySlots);
        foreach (Member member in members)
        {
            Weights += member.Weight;
            Fingerprint = Mixing.Mix(Mixing.Mix(Fingerprint ^ member.NodeId) ^ member.Weight);
        }
    }

    /// <summary>Makes the table of 1 to <see cref="MaxMembers"/> members, in any order, each with a node id of its own and a weight of 1 or more.</summary>
    public static SlotTable Build(ReadOnlySpan<Member> members)
    {
        if (members.Length is 0 or > MaxMembers)
            throw new ArgumentException($"{members.Length} members; a slot table takes 1 to {MaxMembers}", nameof(members));
        Member[] sorted = members.ToArray();
        Array.Sort(sorted, (a, b) => a.NodeId.CompareTo(b.NodeId));
        for (int i = 0; i < sorted.Length; i++)
        {
            if (sorted[i].Weight == 0)
                throw new ArgumentException($"node {sorted[i].NodeId} has weight 0; leave it out instead", nameof(members));
            if (i > 0 && sorted[i].NodeId == sorted[i - 1].NodeId)
                throw new ArgumentException($"node {sorted[i].NodeId} is there twice", nameof(members));
        }
        return new SlotTable(sorted);
    }

    /// <summary>The number of slots, a prime.</summary>
    public int Count => _slots.Length;

    /// <summary>Who shares in it, by node id.</summary>
    public ReadOnlySpan<Member> Members => _members;

    /// <summary>The node of a slot.</summary>
    public uint NodeAt(int slot) => MemberAt(slot).NodeId;

    /// <summary>The slot of a hash; each slot has 2^64 / <see cref="Count"/> of them, give or take one.</summary>
    public int SlotOf(ulong hash) => Mixing.Below(hash, _slots.Length);

    /// <summary>The weight of a node, 0 if it is no member.</summary>
    public uint WeightOf(uint nodeId) => _weights.GetValueOrDefault(nodeId);

    /// <summary>All weights together.</summary>
    public ulong Weights { get; }

    /// <summary>A hash of the members, so that tables which are the same may share what is counted for them.</summary>
    internal ulong Fingerprint { get; }

    /// <summary>The member that has a slot.</summary>
    internal Member MemberAt(int slot) => _members[_slots[slot]];
}

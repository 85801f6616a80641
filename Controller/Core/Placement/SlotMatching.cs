using System.Diagnostics;

namespace NetServ.Controller.Core.Placement;

/// <summary>
/// Gives each slot to a member so that each has its quota. A member proposes to all slots in an order of its own (Maglev's permutations), each
/// proposal with a time; a slot takes the earliest. That is the stable matching under preferences that both sides share, of which there is but one,
/// so it depends neither on the order of members nor on that of proposals, and a change of members moves little beyond what it must.
/// </summary>
internal ref struct SlotMatching
{
    private readonly ReadOnlySpan<Member> _members;
    private readonly ushort[] _taker;
    private readonly double[] _time;
    private readonly Proposer[] _proposers;
    private readonly int[] _missing;

    private SlotMatching(ReadOnlySpan<Member> members, int slots)
    {
        _members = members;
        _taker = new ushort[slots];
        _time = new double[slots];
        Array.Fill(_time, double.PositiveInfinity);
        _proposers = new Proposer[members.Length];
        for (int i = 0; i < members.Length; i++)
            _proposers[i] = new Proposer(members[i], slots);
        _missing = Quotas.Of(members, slots);
    }

    /// <summary>For each slot the index of its member; members are sorted by node id.</summary>
    public static ushort[] Of(ReadOnlySpan<Member> members, int slots)
    {
        SlotMatching matching = new(members, slots);
        for (int i = 0; i < members.Length; i++)
            matching.Satisfy(i);
        return matching._taker;
    }

    // Proposes for a member until it has its quota, and then for the member that it took the last slot from, and so on. Ends: a slot once taken stays
    // taken, so a member that has proposed to all slots and misses some would leave none free, against the sum of quotas being all slots.
    private void Satisfy(int member)
    {
        Stack<int> waiting = new([member]);
        while (waiting.TryPop(out int i))
        {
            ref Proposer proposer = ref _proposers[i];
            while (_missing[i] > 0)
            {
                int slot = proposer.Next(out double time);
                // At the same time the lower node id is first, which is the lower index.
                if (time > _time[slot] || (time == _time[slot] && i > _taker[slot]))
                    continue;
                if (_time[slot] != double.PositiveInfinity && _missing[_taker[slot]]++ == 0)
                    waiting.Push(_taker[slot]);
                _time[slot] = time;
                _taker[slot] = (ushort)i;
                _missing[i]--;
            }
        }
    }

    // The k-th proposal's time is the expectation of the k-th of as many exponential variables as there are slots, over the weight: who is first at a
    // slot is then as in weighted rendezvous hashing, in proportion to weights whoever else takes part.
    private struct Proposer
    {
        private readonly int _slots;
        private readonly int _skip;
        private readonly double _perWeight;
        private int _slot;
        private int _left;
        private double _age;

        public Proposer(Member member, int slots)
        {
            ulong hash = Mixing.Mix(member.NodeId);
            _slots = slots;
            _slot = Mixing.Below(hash, slots);
            _skip = 1 + Mixing.Below(Mixing.Mix(hash), slots - 1);
            _perWeight = 1.0 / member.Weight;
            _left = slots;
        }

        public int Next(out double time)
        {
            Debug.Assert(_left > 0);
            _age += 1.0 / _left--;
            time = _age * _perWeight;
            int slot = _slot;
            _slot += _skip;
            if (_slot >= _slots)
                _slot -= _slots;
            return slot;
        }
    }
}

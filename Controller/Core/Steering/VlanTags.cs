using System.Collections.Frozen;
using System.Collections.Immutable;

namespace NetServ.Controller.Core.Steering;

/// <summary>What a tag says of a frame.</summary>
/// <param name="NodeId">The node that it is on its way to; 0 if it is done with, and on its way to its destination.</param>
/// <param name="Vlan">The VLAN id that it had, and gets back at the last hop.</param>
public readonly record struct TagMeaning(uint NodeId, ushort Vlan)
{
    /// <summary>Whether no filter is to look at it any more.</summary>
    public bool IsDone => NodeId == 0;
}

/// <summary>The VLAN ids that carry a steered frame from switch to switch; immutable. Looked up for every packet: no allocation.</summary>
public sealed class VlanTags
{
    private readonly FrozenDictionary<TagMeaning, ushort> _tags;
    private readonly FrozenDictionary<ushort, TagMeaning> _meanings;
    private readonly ushort _first;
    private readonly ushort _last;

    /// <summary>Tags of the range <paramref name="first"/> to <paramref name="last"/>, ends included; given ones outside of it are kept.</summary>
    public VlanTags(ushort first, ushort last, ImmutableSortedDictionary<ushort, TagMeaning> given)
    {
        (_first, _last) = (first, last);
        _meanings = given.ToFrozenDictionary();
        _tags = given.ToFrozenDictionary(g => g.Value, g => g.Key);
        All = given;
        Vlans = [.. given.Values.Where(m => m.IsDone).Select(m => m.Vlan).Order()];
    }

    /// <summary>No range: nothing is steered to another switch.</summary>
    public static VlanTags None { get; } = new(1, 0, ImmutableSortedDictionary<ushort, TagMeaning>.Empty);

    /// <summary>Those given out.</summary>
    public ImmutableSortedDictionary<ushort, TagMeaning> All { get; }

    /// <summary>The VLANs that frames are steered in.</summary>
    public ImmutableArray<ushort> Vlans { get; }

    /// <summary>Whether there is a range at all.</summary>
    public bool Exist => _first <= _last;

    /// <summary>Whether a VLAN id is ours and no host's.</summary>
    public bool IsReserved(ushort vlan) => (vlan >= _first && vlan <= _last) || _meanings.ContainsKey(vlan);

    /// <summary>The tag of frames on their way to a node, 0 if none was given out yet.</summary>
    public ushort To(uint nodeId, ushort vlan) => _tags.GetValueOrDefault(new TagMeaning(nodeId, vlan));

    /// <summary>The tag of frames that are done with, 0 if none was given out yet.</summary>
    public ushort Done(ushort vlan) => _tags.GetValueOrDefault(new TagMeaning(0, vlan));

    /// <summary>What a VLAN id says; false if nothing.</summary>
    public bool TryRead(ushort vlan, out TagMeaning meaning) => _meanings.TryGetValue(vlan, out meaning);
}

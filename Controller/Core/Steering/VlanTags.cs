using System.Collections.Frozen;
using System.Collections.Immutable;
using NetServ.Packets;

namespace NetServ.Controller.Core.Steering;

/// <summary>The VLAN ids that carry a steered frame from switch to switch; immutable. Looked up for every packet: no allocation.</summary>
public sealed class VlanTags
{
    private readonly FrozenDictionary<TagMeaning, ushort> _tags;
    private readonly FrozenDictionary<ushort, TagMeaning> _meanings;

    /// <summary>Those given out, by VLAN id.</summary>
    public VlanTags(ImmutableSortedDictionary<ushort, TagMeaning> given)
    {
        _meanings = given.ToFrozenDictionary();
        _tags = given.ToFrozenDictionary(g => g.Value, g => g.Key);
        All = given;
        Vlans = [.. given.Values.Where(m => m.IsDone).Select(m => m.Vlan).Order()];
    }

    /// <summary>None: nothing is steered to another switch.</summary>
    public static VlanTags None { get; } = new(ImmutableSortedDictionary<ushort, TagMeaning>.Empty);

    /// <summary>Those given out.</summary>
    public ImmutableSortedDictionary<ushort, TagMeaning> All { get; }

    /// <summary>The VLANs that frames are steered in.</summary>
    public ImmutableArray<ushort> Vlans { get; }

    /// <summary>The same; untagged frames alone where nothing was given out yet.</summary>
    public ImmutableArray<ushort> SteeredVlans => Vlans.IsEmpty ? [FlowKey.NoVlan] : Vlans;

    /// <summary>Whether a VLAN id is ours and no host's.</summary>
    public bool IsReserved(ushort vlan) => _meanings.ContainsKey(vlan);

    /// <summary>The tag of frames on their way to a node, 0 if none was given out yet.</summary>
    public ushort To(uint nodeId, ushort vlan) => _tags.GetValueOrDefault(new TagMeaning(nodeId, vlan));

    /// <summary>The tag of frames that are done with, 0 if none was given out yet.</summary>
    public ushort Done(ushort vlan) => _tags.GetValueOrDefault(new TagMeaning(0, vlan));

    /// <summary>What a VLAN id says; false if nothing.</summary>
    public bool TryRead(ushort vlan, out TagMeaning meaning) => _meanings.TryGetValue(vlan, out meaning);
}

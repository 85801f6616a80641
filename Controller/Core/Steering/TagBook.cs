using System.Collections.Immutable;
using System.Globalization;
using NetServ.Controller.Core.Store;
using NetServ.Packets;

namespace NetServ.Controller.Core.Steering;

/// <summary>
/// Gives out the VLAN ids that carry steered frames between switches: one for each node and VLAN in use, and one for each VLAN. What was given out stays,
/// also over a restart: rules on switches and frames under way mean it.
/// </summary>
public sealed class TagBook
{
    private readonly CoreContext _context;
    private readonly CoreOptions _options;
    private readonly HashSet<ushort> _vlans = [FlowKey.NoVlan];
    private readonly HashSet<string> _told = [];
    private ImmutableSortedDictionary<ushort, TagMeaning> _given = ImmutableSortedDictionary<ushort, TagMeaning>.Empty;
    private int _next;

    /// <summary>Nothing given out.</summary>
    public TagBook(CoreContext context, CoreOptions options)
    {
        _context = context;
        _options = options;
        _next = options.SteeringVlans.First;
    }

    /// <summary>Those given out.</summary>
    public VlanTags Tags { get; private set; } = VlanTags.None;

    /// <summary>A VLAN that hosts use: no tag from now on, if it is none already.</summary>
    internal void NoteVlan(ushort vlan)
    {
        if (!Tags.IsReserved(vlan))
            HasNewVlan |= _vlans.Add(vlan);
    }

    /// <summary>Whether hosts use a VLAN that nothing was given out for yet.</summary>
    internal bool HasNewVlan { get; private set; }

    /// <summary>Takes what an earlier life gave out.</summary>
    /// <param name="records">The records of our domain.</param>
    /// <param name="idOf">The id of a node by its name, 0 if it is not configured any more.</param>
    internal void Restore(IEnumerable<StoreRecord> records, Func<string, uint> idOf)
    {
        foreach (StoreRecord kept in records.Where(r => Records.IsTag(r.Key)))
        {
            if (!Records.TryRead(kept.Value, out TagRecord? record) || (record.Node.Length > 0 && idOf(record.Node) == 0))
            {
                _context.Keep(kept.Key, null);
                continue;
            }
            _given = _given.SetItem(record.Tag, new TagMeaning(record.Node.Length == 0 ? 0 : idOf(record.Node), record.Vlan));
            _vlans.Add(record.Vlan);
        }
        Use();
    }

    /// <summary>Gives out what is missing; returns whether anything was.</summary>
    /// <param name="nodes">The nodes that have a port, by id and name.</param>
    internal bool Complete(IEnumerable<(uint Id, string Name)> nodes)
    {
        int before = _given.Count;
        HasNewVlan = false;
        foreach (ushort vlan in _vlans.Order())
        {
            Give(new TagMeaning(0, vlan), "");
            foreach ((uint id, string name) in nodes)
                Give(new TagMeaning(id, vlan), name);
        }
        if (_given.Count == before)
            return false;
        Use();
        return true;
    }

    private void Give(TagMeaning meaning, string node)
    {
        bool known = meaning.IsDone ? Tags.Done(meaning.Vlan) != 0 : Tags.To(meaning.NodeId, meaning.Vlan) != 0;
        if (known)
            return;
        while (_next <= _options.SteeringVlans.Last && (_given.ContainsKey((ushort)_next) || _vlans.Contains((ushort)_next)))
            _next++;
        if (_next > _options.SteeringVlans.Last)
        {
            string what = meaning.IsDone ? "processed frames" : $"frames to node {node}";
            if (_told.Add(what))
                _context.Report("alarm", $"$.steeringVlans has no VLAN id left for {what} of VLAN {VlanWord(meaning.Vlan)}: they are not steered to other switches; make the range wider");
            return;
        }
        ushort tag = (ushort)_next++;
        _given = _given.Add(tag, meaning);
        _context.Keep(Records.TagKey(_options.Domain, tag), Records.Write(new TagRecord(tag, node, meaning.Vlan)));
    }

    private void Use() => Tags = new VlanTags(_given);

    private static string VlanWord(ushort vlan) => vlan == FlowKey.NoVlan ? "none" : vlan.ToString(CultureInfo.InvariantCulture);
}

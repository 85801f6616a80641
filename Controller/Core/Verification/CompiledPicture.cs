using System.Runtime.CompilerServices;
using NetServ.Controller.Core.Topology;

namespace NetServ.Controller.Core.Verification;

/// <summary>A rule as a set of packets.</summary>
internal sealed record CompiledRule(PictureSwitch Switch, PictureRule Rule, Cube Cube, int Rank);

/// <summary>A rule as seen from one port.</summary>
internal sealed record PortRule(CompiledRule Compiled, (RuleOutput Output, Rewrite Rewrite)[] Outputs);

/// <summary>A port with the rules that can take what comes in by it, highest rank first; equal ranks in the order of the table.</summary>
internal sealed record CompiledPort(PortId Id, Rewrite Entering, PortRule[] Rules);

/// <summary>A filter as sets of packets.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Binds">Whether its packets have to be processed or dropped.</param>
/// <param name="Matches">The packets that it asks for.</param>
/// <param name="Released">Those among them that may go direct.</param>
/// <param name="Fragments">What later fragments of its packets look like.</param>
internal sealed record CompiledFilter(PictureFilter Filter, bool Binds, Cube[] Matches, Cube[] Released, Cube[] Fragments);

/// <summary>A picture as sets of packets; ports are compiled when first asked for.</summary>
internal sealed class CompiledPicture
{
    private readonly Dictionary<ulong, CompiledRule[]> _tables = [];
    private readonly Dictionary<PortId, CompiledPort> _ports = [];
    private readonly Dictionary<uint, CompiledFilter> _filters;

    public CompiledPicture(PictureIndex index)
    {
        Index = index;
        foreach (PictureSwitch at in index.Picture.Switches)
            _tables[at.Dpid] = [.. at.Rules.Select(r => new CompiledRule(at, r, HeaderLayout.OfMatch(r.Match), r.Rank)).OrderByDescending(r => r.Rank)];
        Filters = [.. index.Picture.Filters.Select(Compile)];
        _filters = Filters.ToDictionary(f => f.Filter.OwnerId);
        Tags = [.. index.Picture.Tags.Select(t => HeaderLayout.InVlan(t.Tag))];
    }

    public PictureIndex Index { get; }

    public CompiledFilter[] Filters { get; }

    /// <summary>The packets with each reserved tag.</summary>
    public Cube[] Tags { get; }

    public CompiledFilter? FilterOf(uint owner) => _filters.GetValueOrDefault(owner);

    public CompiledRule[] TableOf(ulong dpid) => _tables[dpid];

    public CompiledPort PortOf(PortId id)
    {
        if (!_ports.TryGetValue(id, out CompiledPort? port))
            _ports[id] = port = Compile(id);
        return port;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private CompiledPort Compile(PortId id)
    {
        Cube here = HeaderLayout.ByPort(id.Port);
        List<PortRule> rules = [];
        foreach (CompiledRule rule in _tables[id.Dpid])
        {
            if (rule.Cube.Overlaps(here))
                rules.Add(new PortRule(rule, [.. RuleOutputs.Of(rule.Rule, id.Port, rule.Switch).Select(o => (o, HeaderLayout.Of(o.Edit)))]));
        }
        return new CompiledPort(id, HeaderLayout.Entering(id.Port), [.. rules]);
    }

    private CompiledFilter Compile(PictureFilter filter) => new(
        filter,
        Index.Binds(filter),
        [.. filter.Matches.Select(HeaderLayout.OfMatch)],
        [.. filter.Released.Select(HeaderLayout.OfMatch)],
        [
            .. filter.Matches.Select(m => m.Normalize())
                .Where(m => (m.Wildcards & (OpenFlow.Wildcard.TpSrc | OpenFlow.Wildcard.TpDst)) != (OpenFlow.Wildcard.TpSrc | OpenFlow.Wildcard.TpDst))
                .Select(m => HeaderLayout.OfMatch(m.WithTpSrc(0).WithTpDst(0))),
        ]);
}

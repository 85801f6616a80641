using System.Collections.Immutable;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Verification;

/// <summary>Follows one packet through a picture, rule by rule. Immutable, for any number of packets.</summary>
public sealed class Tracer
{
    /// <summary>Most hops of a trace; only rules with several outputs get there.</summary>
    public const int MaxHops = 10_000;

    private readonly PictureIndex _index;
    private readonly Dictionary<ulong, PictureRule[]> _tables;

    /// <summary>A tracer of this picture.</summary>
    public Tracer(NetworkPicture picture)
        : this(new PictureIndex(picture))
    {
    }

    internal Tracer(PictureIndex index)
    {
        _index = index;
        _tables = index.Picture.Switches.ToDictionary(s => s.Dpid, s => s.Rules.OrderByDescending(r => r.Rank).ToArray());
    }

    /// <summary>The way of a packet that comes in by a port; its in_port is set.</summary>
    public Trace Trace(PortId ingress, FlowKey packet)
    {
        packet = packet with { InPort = ingress.Port };
        Walk walk = new(this, packet);
        if (_index.RoleOf(ingress) != PortRole.Down)
            walk.Arrive(ingress, packet, [], null);
        PictureFilter[] filters = [.. _index.Picture.Filters.Where(f => DropReasons.Matches(f, packet))];
        Array.Sort(filters, (a, b) => a.IsBefore(b) ? -1 : b.IsBefore(a) ? 1 : 0);
        return new Trace(ingress, packet, [.. filters], [.. walk.Hops]);
    }

    /// <summary>The trace in words, one line a hop; see <see cref="TraceText"/>.</summary>
    public string Describe(Trace trace) => TraceText.Of(_index, trace);

    /// <summary>One packet under way.</summary>
    private sealed class Walk(Tracer tracer, FlowKey entered)
    {
        private readonly PictureIndex _index = tracer._index;

        public List<Hop> Hops { get; } = [];

        /// <summary>Adds the hop and all that follows from it; the result is its index.</summary>
        public int Arrive(PortId at, FlowKey packet, ImmutableArray<uint> processed, Path? before)
        {
            int number = Hops.Count;
            PictureRule[] matching = [.. tracer._tables[at.Dpid].Where(r => r.Match.Matches(packet))];
            Hop hop = new(at, packet, processed);
            if (matching.Length > 0)
            {
                hop = hop with
                {
                    Rule = matching[0],
                    Ties = [.. matching.Skip(1).Where(r => r.Rank == matching[0].Rank)],
                    Beaten = [.. matching.Where(r => r.Rank < matching[0].Rank)],
                };
            }
            Hops.Add(hop);
            Hops[number] = hop with { Departures = [.. Leave(hop, new Path(at, packet, before))] };
            return number;
        }

        private List<Departure> Leave(Hop hop, Path path)
        {
            if (hop.Rule is null)
                return [ToController(hop, new Departure(PortNo.Controller, hop.Packet), "no rule matches")];
            List<RuleOutput> outputs = RuleOutputs.Of(hop.Rule, hop.At.Port, _index.SwitchOf(hop.At.Dpid)!);
            if (outputs.Count == 0)
                return [Drop(hop, path)];
            return [.. outputs.Select(o => Leave(hop, path, o))];
        }

        private Departure Drop(Hop hop, Path path)
        {
            string? reason = DropReasons.Of(_index, entered, hop, path.Before is null);
            string how = hop.Rule!.Actions.Any(a => a.Kind == PictureActionKind.Output) ? "its only output is the port it came in by" : "the rule has no output";
            return new Departure(PortNo.None, hop.Packet) { End = reason is null ? TraceEnd.Lost : TraceEnd.Dropped, Why = reason ?? how };
        }

        private Departure Leave(Hop hop, Path path, RuleOutput output)
        {
            Departure departure = new(output.Port, output.Edit.Apply(hop.Packet));
            if (output.Opaque is not null)
                return departure with { End = TraceEnd.NotFollowed, Why = $"{output.Opaque} is not followed" };
            return output.Port switch
            {
                PortNo.Controller => ToController(hop, departure, "the rule sends it there"),
                PortNo.Local => departure with { End = TraceEnd.Local },
                > PortNo.Max => departure with { End = TraceEnd.NotFollowed, Why = $"where {PortNo.ToString(output.Port)} leads is the switch's choice" },
                _ => ToPort(hop, path, departure),
            };
        }

        private Departure ToController(Hop hop, Departure departure, string why)
        {
            ushort vlan = departure.Packet.DlVlan;
            bool isLost = vlan != entered.DlVlan && _index.TagOf(vlan) is null;
            return departure with
            {
                End = isLost ? TraceEnd.Lost : TraceEnd.Controller,
                Why = isLost ? $"{why}, and it entered as {_index.NameOfVlan(entered.DlVlan)}, which nobody restores" : why,
            };
        }

        private Departure ToPort(Hop hop, Path path, Departure departure)
        {
            PortId port = new(hop.At.Dpid, departure.Port);
            switch (_index.RoleOf(port))
            {
                case PortRole.Down:
                    return departure with { End = TraceEnd.Lost, Why = "the port is down" };
                case PortRole.Link when _index.PeerOf(port) is { } peer:
                    return GoOn(departure, peer, departure.Packet, hop.Processed, path);
                case PortRole.Link:
                    return departure with { End = TraceEnd.Lost, Why = "the other end of the link is not there" };
                case PortRole.Node when _index.NodeAt(port) is { } node:
                    return AtNode(hop, path, departure, node);
                case PortRole.Node:
                    return departure with { End = TraceEnd.Lost, Why = "no node is there" };
                default:
                    return departure with { End = TraceEnd.Delivered, Why = string.Join(", ", _index.HostsAt(port).Where(h => h.Address == departure.Packet.DlDst).Select(h => h.Ipv4?.ToString() ?? h.Address.ToString()).Distinct()) };
            }
        }

        private Departure AtNode(Hop hop, Path path, Departure departure, PictureNode node)
        {
            if (node.Addresses.Contains(departure.Packet.DlDst))
                return departure with { Visit = new NodeVisit(node, []), End = TraceEnd.AtNode, Why = $"{node.Name} is its destination" };
            FlowKey packet = departure.Packet;
            ImmutableArray<uint> ran = [.. node.Active.Where(o => _index.FilterOf(o) is { } f && DropReasons.Matches(f, packet))];
            return GoOn(departure with { Visit = new NodeVisit(node, ran) }, node.At, packet, hop.Processed.AddRange(ran), path);
        }

        private Departure GoOn(Departure departure, PortId at, FlowKey packet, ImmutableArray<uint> processed, Path path)
        {
            packet = packet with { InPort = at.Port };
            if (path.Has(at, packet))
                return departure with { End = TraceEnd.Loop, Why = $"it was at {_index.NameOf(at)} before, as it is now" };
            if (Hops.Count >= MaxHops)
                return departure with { End = TraceEnd.NotFollowed, Why = $"more than {MaxHops} hops" };
            return departure with { Next = Arrive(at, packet, processed, path) };
        }
    }

    /// <summary>Where a packet was, back to its ingress.</summary>
    private sealed record Path(PortId At, FlowKey Packet, Path? Before)
    {
        public bool Has(PortId at, in FlowKey packet)
        {
            for (Path? hop = this; hop is not null; hop = hop.Before)
            {
                if (hop.At == at && hop.Packet == packet)
                    return true;
            }
            return false;
        }
    }
}

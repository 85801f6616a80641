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
        ImmutableArray<Hop> hops = _index.RoleOf(ingress) == PortRole.Down ? [] : new Walk(this, packet).From(ingress);
        PictureFilter[] filters = [.. _index.Picture.Filters.Where(f => DropReasons.Matches(f, packet))];
        Array.Sort(filters, (a, b) => a.IsBefore(b) ? -1 : b.IsBefore(a) ? 1 : 0);
        return new Trace(ingress, packet, [.. filters], hops);
    }

    /// <summary>The trace in words, one line a hop; see <see cref="TraceText"/>.</summary>
    public string Describe(Trace trace) => TraceText.Of(_index, trace);

    /// <summary>A way out of a hop in words.</summary>
    public string Describe(Hop hop, Departure departure) => TraceText.Words(_index, hop, departure);

    /// <summary>Whose rule it is and what for, in words.</summary>
    public string Explain(PictureRule rule) => _index.Explain(rule);

    /// <summary>A port as people call it.</summary>
    public string NameOf(PortId port) => _index.NameOf(port);

    /// <summary>Whether a filter's packets have to be processed or dropped: it is fail-closed, or some node runs its module.</summary>
    public bool Binds(PictureFilter filter) => _index.Binds(filter);

    /// <summary>One packet under way.</summary>
    private sealed class Walk(Tracer tracer, FlowKey entered)
    {
        private readonly PictureIndex _index = tracer._index;

        private readonly List<Hop> _hops = [];
        private readonly List<Departure[]> _departures = [];
        private readonly Stack<Arrival> _pending = [];

        /// <summary>All hops from the ingress on.</summary>
        public ImmutableArray<Hop> From(PortId ingress)
        {
            _pending.Push(new Arrival(ingress, entered, [], null, -1, -1));
            while (_pending.TryPop(out Arrival? arrival))
                Arrive(arrival);
            return [.. _hops.Select((h, i) => h with { Departures = [.. _departures[i]] })];
        }

        private void Arrive(Arrival arrival)
        {
            if (_hops.Count >= MaxHops)
            {
                SetDeparture(arrival, d => d with { End = TraceEnd.NotFollowed, Why = $"more than {MaxHops} hops" });
                return;
            }
            int number = _hops.Count;
            SetDeparture(arrival, d => d with { Next = number });
            Hop hop = Match(arrival);
            _hops.Add(hop);
            Path path = new(arrival.At, arrival.Packet, arrival.Before);
            Onward[] onwards = [.. Leave(hop, path)];
            _departures.Add([.. onwards.Select(o => o.Departure)]);
            for (int i = onwards.Length - 1; i >= 0; i--)
            {
                if (onwards[i].To is { } to)
                    _pending.Push(new Arrival(to, onwards[i].Departure.Packet with { InPort = to.Port }, onwards[i].Processed, path, number, i));
            }
        }

        private void SetDeparture(Arrival arrival, Func<Departure, Departure> change)
        {
            if (arrival.Hop >= 0)
                _departures[arrival.Hop][arrival.Departure] = change(_departures[arrival.Hop][arrival.Departure]);
        }

        private Hop Match(Arrival arrival)
        {
            PictureRule[] matching = [.. tracer._tables[arrival.At.Dpid].Where(r => r.Match.Matches(arrival.Packet))];
            Hop hop = new(arrival.At, arrival.Packet, arrival.Processed);
            return matching.Length == 0 ? hop : hop with
            {
                Rule = matching[0],
                Ties = [.. matching.Skip(1).Where(r => r.Rank == matching[0].Rank)],
                Beaten = [.. matching.Where(r => r.Rank < matching[0].Rank)],
            };
        }

        private IEnumerable<Onward> Leave(Hop hop, Path path)
        {
            if (hop.Rule is null)
                return [ToController(new Departure(PortNo.Controller, hop.Packet), "no rule matches")];
            List<RuleOutput> outputs = RuleOutputs.Of(hop.Rule, hop.At.Port, _index.SwitchOf(hop.At.Dpid)!);
            if (outputs.Count == 0)
                return [Drop(hop, path)];
            return outputs.Select(o => Leave(hop, path, o));
        }

        private Onward Drop(Hop hop, Path path)
        {
            string? reason = DropReasons.Of(_index, entered, hop, path.Before is null);
            string how = hop.Rule!.Actions.Any(a => a.Kind == PictureActionKind.Output) ? "its only output is the port it came in by" : "the rule has no output";
            return new Departure(PortNo.None, hop.Packet) { End = reason is null ? TraceEnd.Lost : TraceEnd.Dropped, Why = reason ?? how };
        }

        private Onward Leave(Hop hop, Path path, RuleOutput output)
        {
            Departure departure = new(output.Port, output.Edit.Apply(hop.Packet));
            if (output.Opaque is not null)
                return departure with { End = TraceEnd.NotFollowed, Why = $"{output.Opaque} is not followed" };
            return output.Port switch
            {
                PortNo.Controller => ToController(departure, "the rule sends it there"),
                PortNo.Local => departure with { End = TraceEnd.Local },
                > PortNo.Max => departure with { End = TraceEnd.NotFollowed, Why = $"where {PortNo.ToString(output.Port)} leads is the switch's choice" },
                _ => ToPort(hop, path, departure),
            };
        }

        private Onward ToController(Departure departure, string why)
        {
            ushort vlan = departure.Packet.DlVlan;
            bool isLost = vlan != entered.DlVlan && _index.TagOf(vlan) is null;
            return departure with
            {
                End = isLost ? TraceEnd.Lost : TraceEnd.Controller,
                Why = isLost ? $"{why}, and it entered as {_index.NameOfVlan(entered.DlVlan)}, which nobody restores" : why,
            };
        }

        private Onward ToPort(Hop hop, Path path, Departure departure)
        {
            PortId port = new(hop.At.Dpid, departure.Port);
            switch (_index.RoleOf(port))
            {
                case PortRole.Down:
                    return departure with { End = TraceEnd.Lost, Why = "the port is down" };
                case PortRole.Link when _index.PeerOf(port) is { } peer:
                    return GoOn(departure, peer, hop.Processed, path);
                case PortRole.Link:
                    return departure with { End = TraceEnd.Lost, Why = "the other end of the link is not there" };
                case PortRole.Node when _index.NodeAt(port) is { } node:
                    return AtNode(hop, path, departure, node);
                case PortRole.Node:
                    return departure with { End = TraceEnd.Lost, Why = "no node is there" };
                default:
                    return departure with { End = TraceEnd.Delivered, Why = Receivers(port, departure.Packet.DlDst) };
            }
        }

        private string Receivers(PortId port, MacAddress address) =>
            string.Join(", ", _index.HostsAt(port).Where(h => h.Address == address).Select(h => h.Ipv4?.ToString() ?? h.Address.ToString()).Distinct());

        private Onward AtNode(Hop hop, Path path, Departure departure, PictureNode node)
        {
            if (node.Addresses.Contains(departure.Packet.DlDst))
                return departure with { Visit = new NodeVisit(node, []), End = TraceEnd.AtNode, Why = $"{node.Name} is its destination" };
            ImmutableArray<uint> ran = [.. node.Active.Where(o => _index.FilterOf(o) is { } f && DropReasons.Matches(f, departure.Packet))];
            return GoOn(departure with { Visit = new NodeVisit(node, ran) }, node.At, hop.Processed.AddRange(ran), path);
        }

        private Onward GoOn(Departure departure, PortId at, ImmutableArray<uint> processed, Path path) =>
            path.Has(at, departure.Packet with { InPort = at.Port })
                ? departure with { End = TraceEnd.Loop, Why = $"it was at {_index.NameOf(at)} before, as it is now" }
                : new Onward(departure, at, processed);
    }

    /// <summary>A departure, and where it goes on; nowhere if it ends.</summary>
    private readonly record struct Onward(Departure Departure, PortId? To, ImmutableArray<uint> Processed)
    {
        public static implicit operator Onward(Departure end) => new(end, null, []);
    }

    /// <summary>A packet that comes in, and the departure that it comes from.</summary>
    private sealed record Arrival(PortId At, FlowKey Packet, ImmutableArray<uint> Processed, Path? Before, int Hop, int Departure);

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

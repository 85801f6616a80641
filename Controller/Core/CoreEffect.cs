using System.Collections.Immutable;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Modules;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Store;
using NetServ.Packets;

namespace NetServ.Controller.Core;

/// <summary>What Core wants done.</summary>
public abstract record CoreEffect
{
    private CoreEffect()
    {
    }

    /// <summary>Changes of the store, to be on disk before anything that comes after them is done.</summary>
    public sealed record Persist(ImmutableArray<StoreChange> Changes) : CoreEffect;

    /// <summary>A snapshot for all switches; each loop applies it and the rule changes that follow as one item.</summary>
    /// <param name="Snapshot">The snapshot.</param>
    /// <param name="Token">If set, each session answers with it when the switch has passed a barrier.</param>
    public sealed record Publish(Snapshot Snapshot, long? Token) : CoreEffect;

    /// <summary>
    /// Hosts that are new, moved or gone, for all loops: each takes them into its directory and has its sessions change the rules of these hosts, as
    /// one item.
    /// </summary>
    /// <param name="Hosts">Those that count.</param>
    /// <param name="Heard">News that this answers.</param>
    public sealed record PublishHosts(ImmutableArray<HostPlace> Hosts, int Heard) : CoreEffect;

    /// <summary>Flows that a node's modules have seen enough of, or want back, for all loops: each marks its flows and has the sessions where they enter move them.</summary>
    public sealed record PublishReleases(uint NodeId, ImmutableArray<FiveTuple> Flows, bool Released) : CoreEffect;

    /// <summary>A frame out of a port.</summary>
    public sealed record SendFrame(long SessionId, ushort Port, ImmutableArray<byte> Frame) : CoreEffect;

    /// <summary>A question to a switch about the counters of a port.</summary>
    public sealed record AskPort(long SessionId, ushort Port) : CoreEffect;

    /// <summary>The end of a connection.</summary>
    public sealed record CloseSwitch(long SessionId, string Reason) : CoreEffect;

    /// <summary>A command for a node.</summary>
    public sealed record TellNode(long StreamId, NodeCommand Command) : CoreEffect;

    /// <summary>The end of a node's stream.</summary>
    public sealed record EndNode(long StreamId) : CoreEffect;

    /// <summary>The answer to a request.</summary>
    public sealed record Reply(long Ticket, RequestOutcome Outcome) : CoreEffect;

    /// <summary>Something for those who watch.</summary>
    public sealed record Report(string Kind, string Text, ImmutableArray<KeyValuePair<string, string>> Fields) : CoreEffect;
}

using System.Collections.Immutable;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Store;
using NetServ.Packets;

namespace NetServ.Controller.Core;

/// <summary>By which way a request came in.</summary>
public enum RequestOrigin
{
    /// <summary>The operator API.</summary>
    OperatorApi = 1,

    /// <summary>A signaling packet that a switch sent up.</summary>
    PacketIn = 2,

    /// <summary>A signaling socket.</summary>
    Socket = 3,
}

/// <summary>
/// All that Core is told. Inputs carry what is random or read from a clock on the wall, so that a log of them with their times can be
/// replayed.
/// </summary>
public abstract record CoreInput
{
    private CoreInput()
    {
    }

    /// <summary>The first input of all: what an earlier life of this controller left in the store.</summary>
    /// <param name="Records">The records of our domain.</param>
    /// <param name="Wall">Time of day.</param>
    public sealed record Restored(ImmutableArray<StoreRecord> Records, DateTimeOffset Wall) : CoreInput;

    /// <summary>A session says something.</summary>
    /// <param name="SessionId">Which connection.</param>
    /// <param name="Peer">Its address.</param>
    /// <param name="Event">What.</param>
    /// <param name="Random">Sixteen random bytes, for the challenge or the nonces that this may call for.</param>
    public sealed record SwitchReported(long SessionId, string Peer, SessionEvent Event, ImmutableArray<byte> Random) : CoreInput;

    /// <summary>A connection to a switch ended.</summary>
    public sealed record SwitchGone(long SessionId, string Reason) : CoreInput;

    /// <summary>A node opened its stream; the token that it showed says which node it is.</summary>
    public sealed record NodeConnected(long StreamId, NodeGreeting Greeting, ImmutableArray<byte> Key, ImmutableArray<byte> Nonce) : CoreInput;

    /// <summary>A node's heartbeat.</summary>
    public sealed record NodeHeard(long StreamId, ImmutableArray<ModuleReport> Modules, NodeLoad Load = default) : CoreInput;

    /// <summary>A node's modules have seen enough of flows: every module that a flow meets there says so, in inputs one after the other.</summary>
    public sealed record FlowsReleased(long StreamId, ImmutableArray<(uint OwnerId, FiveTuple Flow)> Flows) : CoreInput;

    /// <summary>A node's modules want to see flows again.</summary>
    public sealed record FlowsRecalled(long StreamId, ImmutableArray<(uint OwnerId, FiveTuple Flow)> Flows) : CoreInput;

    /// <summary>A node wants another nonce, here it is.</summary>
    public sealed record NonceAsked(long StreamId, ImmutableArray<byte> Nonce) : CoreInput;

    /// <summary>A node read a challenge from its port.</summary>
    public sealed record ChallengeAnswered(long StreamId, ImmutableArray<byte> Challenge) : CoreInput;

    /// <summary>A module on a node changed its state.</summary>
    public sealed record ModuleReported(long StreamId, ModuleReport Report) : CoreInput;

    /// <summary>A node announces its end.</summary>
    public sealed record NodeLeaving(long StreamId) : CoreInput;

    /// <summary>A node's stream ended.</summary>
    public sealed record NodeGone(long StreamId, string Reason) : CoreInput;

    /// <summary>An operator wants a node to take no more flows, or to take them again.</summary>
    /// <param name="Ticket">Names the reply.</param>
    /// <param name="Node">Its name.</param>
    /// <param name="Resume">Whether it is to go back to work.</param>
    /// <param name="WithinMs">How long its flows may end by themselves before they are moved.</param>
    public sealed record DrainAsked(long Ticket, string Node, bool Resume, int WithinMs) : CoreInput;

    /// <summary>Live flows of each node, as a loop counts them.</summary>
    public sealed record FlowsCounted(ImmutableArray<(uint NodeId, int Flows)> Nodes) : CoreInput;

    /// <summary>The one door for requests.</summary>
    /// <param name="Ticket">Names the reply.</param>
    /// <param name="Request">The text as it was signed.</param>
    /// <param name="Origin">By which way.</param>
    /// <param name="Session">Signaling session, empty for none.</param>
    /// <param name="Sequence">Place within the session.</param>
    /// <param name="DryRun">Whether to check only.</param>
    /// <param name="WaitMs">How long a SETUP may wait for the module; 0 for the default.</param>
    /// <param name="Wall">Time of day.</param>
    public sealed record Submitted(
        long Ticket, ImmutableArray<byte> Request, RequestOrigin Origin, string Session, ulong Sequence, bool DryRun, int WaitMs, DateTimeOffset Wall) : CoreInput;

    /// <summary>Time has passed; about every 100 ms.</summary>
    public sealed record Tick : CoreInput;
}

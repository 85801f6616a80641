using System.Collections.Immutable;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Nodes;

/// <summary>What a node is told.</summary>
public abstract record NodeCommand
{
    private NodeCommand()
    {
    }

    /// <summary>It is let in.</summary>
    public sealed record Welcome(uint NodeId, uint Epoch, ImmutableArray<byte> Key, int HeartbeatMs) : NodeCommand;

    /// <summary>A nonce for one attachment frame.</summary>
    public sealed record Nonce(ImmutableArray<byte> Value, int ValidMs) : NodeCommand;

    /// <summary>Its port is known.</summary>
    public sealed record Attached(ulong Dpid, ushort Port) : NodeCommand;

    /// <summary>It is not let in.</summary>
    public sealed record Refused(string Code, string Text) : NodeCommand;

    /// <summary>Run a module.</summary>
    /// <param name="OwnerId">Which.</param>
    /// <param name="Request">What was asked for.</param>
    /// <param name="Replaces">The owner whose packets it takes over where both filters match, from the moment it is active; 0 for none.</param>
    public sealed record Install(uint OwnerId, NetServRequest Request, uint Replaces = 0) : NodeCommand;

    /// <summary>Stop a module.</summary>
    public sealed record Remove(uint OwnerId, int DrainMs) : NodeCommand;
}

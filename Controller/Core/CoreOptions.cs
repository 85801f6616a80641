using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Nodes;

namespace NetServ.Controller.Core;

/// <summary>What Core is told once; times in milliseconds.</summary>
public sealed record CoreOptions
{
    /// <summary>Domain of our rules' cookies and of our records in the store.</summary>
    public ushort Domain { get; init; } = 1;

    /// <summary>Hosts that are remembered, about; beyond it the longest unseen is forgotten.</summary>
    public int MaxHosts { get; init; } = HostDirectory.DefaultMost;

    /// <summary>The nodes that may connect; a node's id is its place in this list, from 1.</summary>
    public IReadOnlyList<ConfiguredNode> Nodes { get; init; } = [];

    /// <summary>VLAN ids that may carry steered frames between switches, ends included; those that hosts use are left out.</summary>
    public (ushort First, ushort Last) SteeringVlans { get; init; } = (3072, 4094);

    /// <summary>How often a node is to be heard; three in a row may be missed.</summary>
    public int Heartbeat { get; init; } = 1000;

    /// <summary>How long a nonce and a challenge are good.</summary>
    public int NonceValid { get; init; } = 5000;

    /// <summary>How long a SETUP waits for its module, unless it says.</summary>
    public int SetupWait { get; init; } = 10000;

    /// <summary>How long a barrier is waited for.</summary>
    public int BarrierWait { get; init; } = 2000;

    /// <summary>How long after the barrier a SETUP is answered: a switch may answer before its own caches follow.</summary>
    public int Grace { get; init; } = 50;

    /// <summary>How long after a barrier old packets may still be in the switch: barriers may lie.</summary>
    public int Hold { get; init; } = 500;

    /// <summary>How long a node passes late packets on unprocessed before the module stops.</summary>
    public int Drain { get; init; } = 500;

    /// <summary>How long after a start the nodes of before count as there although they have not connected, and at their ports although they have not shown them.</summary>
    public int RestoreGrace { get; init; } = 15000;

    /// <summary>How long after the drain a node may take to stop a module.</summary>
    public int StopWait { get; init; } = 5000;
}

using NetServ.Controller.Core.Nodes;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Modules;

/// <summary>Life of a module, in order.</summary>
public enum ModulePhase
{
    /// <summary>Nodes were told; waiting for the first to be ready.</summary>
    Installing = 1,

    /// <summary>Filter in force on our side; waiting for the switches' barriers.</summary>
    Arming,

    /// <summary>At work.</summary>
    Active,

    /// <summary>Flows go direct again; waiting for the switches' barriers.</summary>
    Unsteering,

    /// <summary>Packets under way are waited for.</summary>
    Holding,

    /// <summary>Nodes stop the module.</summary>
    Draining,
}

/// <summary>A module that a SETUP asked for.</summary>
public sealed class InstalledModule(uint ownerId, NetServRequest request)
{
    /// <summary>Its owner id.</summary>
    public uint OwnerId { get; } = ownerId;

    /// <summary>What was asked for.</summary>
    public NetServRequest Request { get; } = request;

    /// <summary>Where in its life it is.</summary>
    public ModulePhase Phase { get; internal set; } = ModulePhase.Installing;

    /// <summary>When its time is up, milliseconds.</summary>
    public long ExpiresAt { get; internal set; }

    /// <summary>The latest report of each node by node id.</summary>
    public IReadOnlyDictionary<uint, ModuleReport> Nodes => Reports;

    /// <summary>Whether its filter is in force.</summary>
    public bool IsInForce => Phase is ModulePhase.Arming or ModulePhase.Active && Request.Filter is not null;

    /// <summary>Whether it is on its way out.</summary>
    public bool IsEnding => Phase >= ModulePhase.Unsteering;

    /// <summary>The same on the wall, for the store.</summary>
    public DateTimeOffset ExpiresOn { get; internal set; }

    internal Dictionary<uint, ModuleReport> Reports { get; } = [];

    internal long Deadline { get; set; }

    internal long Token { get; set; }

    internal uint Replaces { get; set; }

    internal List<long> SetupTickets { get; } = [];

    internal List<long> RemoveTickets { get; } = [];

    internal ModuleStatus StatusOn(uint nodeId) => Nodes.TryGetValue(nodeId, out ModuleReport? report) ? report.Status : ModuleStatus.Unknown;
}

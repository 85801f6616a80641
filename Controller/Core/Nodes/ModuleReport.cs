using System.Collections.Immutable;

namespace NetServ.Controller.Core.Nodes;

/// <summary>State of a module on a node.</summary>
public enum ModuleStatus
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Being downloaded and started.</summary>
    Installing,

    /// <summary>At work.</summary>
    Active,

    /// <summary>Will not work.</summary>
    Failed,

    /// <summary>Being stopped.</summary>
    Stopping,

    /// <summary>Gone.</summary>
    Removed,
}

/// <summary>What a node says of a module.</summary>
/// <param name="OwnerId">Which.</param>
/// <param name="Status">Its state.</param>
/// <param name="Code">Code word of the refusal, empty if all is well.</param>
/// <param name="Text">What is wrong and the way out.</param>
/// <param name="Counters">Its counters.</param>
/// <param name="Stateless">Whether its bundle says that it keeps nothing from one packet to the next; told from when it is active.</param>
public sealed record ModuleReport(
    uint OwnerId, ModuleStatus Status, string Code, string Text, ImmutableArray<KeyValuePair<string, ulong>> Counters, bool Stateless = false);

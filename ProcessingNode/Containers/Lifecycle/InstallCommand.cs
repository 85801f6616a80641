using NetServ.Node.DataPath.Classification;

namespace NetServ.Node.Containers.Lifecycle;

/// <summary>What the controller wants installed.</summary>
public sealed record InstallCommand
{
    /// <summary>Which installed module; the controller's number.</summary>
    public required uint OwnerId { get; init; }

    /// <summary>Whose it is; the modules of one user share a container.</summary>
    public required string User { get; init; }

    /// <summary>Name and version, <c>NetServ.Modules.Mark_1.0.0</c>, or a name alone.</summary>
    public required string ModuleId { get; init; }

    /// <summary>Where the bundle is.</summary>
    public required string Url { get; init; }

    /// <summary>SHA-256 of the bundle.</summary>
    public required ReadOnlyMemory<byte> Checksum { get; init; }

    /// <summary>Handed to the module.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>Modules (name, or name_version) that this user must have running here.</summary>
    public IReadOnlyList<string> Dependencies { get; init; } = [];

    /// <summary>Its packets; null for a module that sees none.</summary>
    public PacketFilter? Filter { get; init; }

    /// <summary>Place among the filters that match a packet, lowest first.</summary>
    public ushort Order { get; init; }

    /// <summary>The owner whose packets this module takes over where both filters match, from the moment it works; 0 for none.</summary>
    public uint Replaces { get; init; }

    /// <summary>Whether packets are dropped rather than passed on when the module cannot see them.</summary>
    public bool FailClosed { get; init; }

    /// <summary>Whether packets find the module by the same filter, in the same place, under both commands.</summary>
    public bool IsSteeredAs(InstallCommand other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Filter == other.Filter && Order == other.Order && Replaces == other.Replaces;
    }

    /// <summary>Whether the same code runs with the same properties under both commands, so that nothing needs to be started anew.</summary>
    public bool RunsTheSameAs(InstallCommand other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return OwnerId == other.OwnerId && User == other.User && FailClosed == other.FailClosed && Checksum.Span.SequenceEqual(other.Checksum.Span)
            && Properties.Count == other.Properties.Count
            && Properties.All(p => other.Properties.TryGetValue(p.Key, out string? value) && value == p.Value);
    }
}

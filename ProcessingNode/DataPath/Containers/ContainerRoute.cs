namespace NetServ.Node.DataPath.Containers;

/// <summary>Which of a container's modules a packet visits there. Made by the container, immutable, shared by all packets of a kind.</summary>
/// <param name="container">The container.</param>
public abstract class ContainerRoute(IServiceContainer container)
{
    /// <summary>Where the modules run.</summary>
    public IServiceContainer Container { get; } = container;

    /// <summary>The modules that are visited, in order.</summary>
    public abstract IReadOnlyList<uint> OwnerIds { get; }

    /// <summary>Whether one of the modules asked that a packet it could not see be dropped.</summary>
    public abstract bool FailClosed { get; }
}

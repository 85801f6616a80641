using NetServ.Node.DataPath.Containers;

namespace NetServ.Node.Containers.Inline;

/// <summary>Modules of one container in the order in which a packet visits them.</summary>
internal sealed class InlineRoute(IServiceContainer container, ModuleInstance[] modules) : ContainerRoute(container)
{
    public ModuleInstance[] Modules => modules;

    public override IReadOnlyList<uint> OwnerIds { get; } = [.. modules.Select(m => m.OwnerId)];

    public override bool FailClosed { get; } = Array.Exists(modules, m => m.FailClosed);
}

using NetServ.Node.DataPath.Classification;
using NetServ.Node.DataPath.Containers;

namespace NetServ.Node.Tests.Support;

/// <summary>A container that runs nothing; its routes tell which modules they are for.</summary>
internal sealed class RouteRecorder : IServiceContainer
{
    public ContainerRoute CreateRoute(IReadOnlyList<uint> ownerIds) => new Route(this, [.. ownerIds]);

    public int Submit(PacketPool pool, ReadOnlySpan<int> slots) => 0;

    public int Collect(PacketPool pool, Span<int> slots) => 0;

    /// <summary>The modules that an action leads through, in order.</summary>
    public static uint[] OwnersOf(PacketAction action) => [.. action.Steps.SelectMany(r => r.OwnerIds)];

    private sealed class Route(IServiceContainer container, uint[] ownerIds) : ContainerRoute(container)
    {
        public override IReadOnlyList<uint> OwnerIds => ownerIds;

        public override bool FailClosed => false;
    }
}

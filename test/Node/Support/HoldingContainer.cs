using NetServ.Modules.Abstractions;
using NetServ.Node.DataPath.Containers;

namespace NetServ.Node.Tests.Support;

/// <summary>A container that works in its own time: it keeps packets until the test lets it give them back.</summary>
internal sealed class HoldingContainer : IServiceContainer
{
    private readonly Queue<int> _held = new();

    public int Room { get; init; } = 100;

    public bool Release { get; set; }

    public ContainerRoute CreateRoute(IReadOnlyList<uint> ownerIds) => new Route(this);

    public int Submit(PacketPool pool, ReadOnlySpan<int> slots)
    {
        int count = Math.Min(slots.Length, Room - _held.Count);
        for (int i = 0; i < count; i++)
            _held.Enqueue(slots[i]);
        return count;
    }

    public int Collect(PacketPool pool, Span<int> slots)
    {
        int count = 0;
        while (Release && _held.TryDequeue(out int slot))
        {
            pool[slot].Verdict = Verdict.Pass;
            slots[count++] = slot;
        }
        return count;
    }

    private sealed class Route(IServiceContainer container) : ContainerRoute(container)
    {
        public override IReadOnlyList<uint> OwnerIds => [];

        public override bool FailClosed => false;
    }
}

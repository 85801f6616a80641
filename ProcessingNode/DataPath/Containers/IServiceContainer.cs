namespace NetServ.Node.DataPath.Containers;

/// <summary>
/// Where the modules of one user run. The packet pump submits packets and collects them later, perhaps in another turn; it is the only caller of
/// <see cref="Submit"/> and <see cref="Collect"/>. What comes back is not trusted: the pump checks it before it leaves the node.
/// </summary>
public interface IServiceContainer
{
    /// <summary>The way of a packet through some of the modules, in the order given; one that is not there any more is left out.</summary>
    ContainerRoute CreateRoute(IReadOnlyList<uint> ownerIds);

    /// <summary>Hands over packets, each with its <see cref="PacketState.Route"/> set.</summary>
    /// <returns>How many were taken, from the front; the rest stays the caller's.</returns>
    int Submit(PacketPool pool, ReadOnlySpan<int> slots);

    /// <summary>
    /// Takes back packets that are done, in the order of submission, each with its <see cref="PacketState.Verdict"/>; new frames of modules come
    /// among them in slots of their own, marked <see cref="PacketState.Emitted"/>.
    /// </summary>
    /// <returns>How many slots were written to the front of <paramref name="slots"/>; 0 where nothing is done yet.</returns>
    int Collect(PacketPool pool, Span<int> slots);
}

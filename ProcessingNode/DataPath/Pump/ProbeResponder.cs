using NetServ.Packets;

namespace NetServ.Node.DataPath.Pump;

/// <summary>
/// Answers the controller's probes where packets are moved, so that a node whose pump stands still is silent. Immutable.
/// </summary>
/// <param name="source">The node's own link address.</param>
/// <param name="nodeId">The id that the controller gave the node.</param>
/// <param name="epoch">The epoch whose probes are answered.</param>
/// <param name="key">HMAC key of that epoch.</param>
public sealed class ProbeResponder(MacAddress source, uint nodeId, uint epoch, ReadOnlyMemory<byte> key)
{
    private readonly byte[] _key = key.ToArray();

    /// <summary>Writes the reply to the start of <paramref name="reply"/>; 0 where the frame is not the controller's probe to this node in this epoch.</summary>
    internal int TryAnswer(ReadOnlySpan<byte> frame, Span<byte> reply)
    {
        if (!AttachmentFrame.TryRead(frame, out AttachmentFrame view, out _) || view.Kind != AttachmentKind.Probe)
            return 0;
        if (view.NodeId != nodeId || view.Epoch != epoch || !view.Verify(_key))
            return 0;
        return AttachmentFrame.WriteReply(reply, in view, source, _key);
    }
}

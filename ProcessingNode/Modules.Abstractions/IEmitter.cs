namespace NetServ.Modules.Abstractions;

/// <summary>Sends frames that a module made itself. It is good during the <see cref="IModule.Process"/> call it was handed to, and not after.</summary>
public interface IEmitter
{
    /// <summary>
    /// Copies <paramref name="frame"/> (14 to 1,518 bytes from the Ethernet destination on, without FCS) into the node's outgoing batch.
    /// The node checks it before it leaves: it must be an IPv4 packet, its source MAC and its IPv4 source address must be those the packet
    /// being processed was sent to, or the node's own. A frame that fails the check is dropped and counted.
    /// </summary>
    /// <returns>False where the batch has no room for it; the frame is then not sent.</returns>
    bool TryEmit(ReadOnlySpan<byte> frame);
}

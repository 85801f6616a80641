using NetServ.Packets;

namespace NetServ.Node.Registration;

/// <summary>
/// Shows the controller at which switch port the node hangs: each nonce goes out once in a signed frame, the controller's signed challenge that
/// comes in by the port is answered on the stream. Decides only; time is an argument.
/// </summary>
/// <param name="source">The node's own link address.</param>
/// <param name="nodeId">From the welcome.</param>
/// <param name="epoch">From the welcome.</param>
/// <param name="key">From the welcome.</param>
internal sealed class Attachment(MacAddress source, uint nodeId, uint epoch, ReadOnlyMemory<byte> key)
{
    private static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(5);
    private byte[]? _unsent;
    private TimeSpan _valid;
    private TimeSpan _wait = s_firstWait;
    private DateTimeOffset? _until;

    /// <summary>Takes a nonce; its frame is ready for <see cref="TakeFrame"/>.</summary>
    public void OnNonce(ReadOnlySpan<byte> nonce, TimeSpan valid, DateTimeOffset now)
    {
        _unsent = new byte[AttachmentFrame.Size];
        AttachmentFrame.Write(_unsent, AttachmentKind.Attach, source, nodeId, epoch, nonce, key.Span);
        _valid = valid;
        _until = now + Shorter(_wait, valid);
    }

    /// <summary>The frame to send now that the port is up; null if there is none.</summary>
    public byte[]? TakeFrame()
    {
        byte[]? frame = _unsent;
        _unsent = null;
        return frame;
    }

    /// <summary>The challenge to answer; null where the frame is not the controller's to this node in this epoch.</summary>
    public byte[]? OnFrame(ReadOnlySpan<byte> frame, DateTimeOffset now)
    {
        if (!AttachmentFrame.TryRead(frame, out AttachmentFrame view, out _) || view.Kind != AttachmentKind.Challenge)
            return null;
        if (view.NodeId != nodeId || view.Epoch != epoch || !view.Verify(key.Span))
            return null;
        // Answered: the controller has the time that the nonce has.
        if (_until is not null)
            _until = now + _valid;
        return view.Nonce.ToArray();
    }

    /// <summary>The controller knows the port.</summary>
    public void OnAttached()
    {
        _until = null;
        _wait = s_firstWait;
    }

    /// <summary>Whether the last nonce led to nothing in its time, so that another one is to be asked for. The next one waits longer.</summary>
    public bool NeedsNonce(DateTimeOffset now)
    {
        if (_until is not DateTimeOffset until || now < until)
            return false;
        _until = now + s_longestWait;
        _wait = Shorter(_wait * 2, s_longestWait);
        return true;
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

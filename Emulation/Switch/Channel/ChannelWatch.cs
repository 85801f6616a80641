namespace NetServ.Emulation.Switch;

/// <summary>
/// Whether any controller is there. A channel that breaks counts as lost only when nobody came back for <paramref name="patience"/>; a switch
/// that has just started has none and is in that state at once (OpenFlow 1.0.0 section 4.3).
/// </summary>
internal sealed class ChannelWatch(ChannelLoss mode, TimeSpan patience)
{
    private int _up;
    private TimeSpan? _gone;

    public bool IsLost { get; private set; } = true;

    /// <summary>When <see cref="Look"/> has something to see; the past when it does not know yet when the last controller went.</summary>
    public TimeSpan? NextDeadline => mode == ChannelLoss.Secure || IsLost || _up > 0 ? null : (_gone + patience) ?? TimeSpan.Zero;

    public void CameUp()
    {
        _up++;
        _gone = null;
        IsLost = false;
    }

    public void WentDown() => _up--;

    /// <summary>True once when the channel is lost.</summary>
    public bool Look(TimeSpan now)
    {
        if (_up > 0 || IsLost)
            return false;
        _gone ??= now;
        IsLost = now - _gone >= patience;
        return IsLost;
    }
}

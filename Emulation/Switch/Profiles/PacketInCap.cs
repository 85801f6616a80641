namespace NetServ.Emulation.Switch.Profiles;

/// <summary>So many PACKET_INs a second, and a tenth of a second's worth in a burst.</summary>
internal sealed class PacketInCap(int perSecond)
{
    private readonly TimeSpan _each = TimeSpan.FromSeconds(1.0 / perSecond);
    private readonly TimeSpan _burst = TimeSpan.FromSeconds(Math.Max(0.1, 1.0 / perSecond));
    private TimeSpan _paidUntil;

    /// <summary>Whether one more may go now.</summary>
    public bool TryTake(TimeSpan now)
    {
        if (_paidUntil < now)
            _paidUntil = now;
        if (_paidUntil + _each > now + _burst)
            return false;
        _paidUntil += _each;
        return true;
    }
}

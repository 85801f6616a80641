namespace NetServ.Emulation.Switch.Profiles;

/// <summary>When changes take effect and barriers are answered, by a profile and a seed.</summary>
internal sealed class InstallSchedule(SwitchProfile profile, int tableSize, int seed)
{
    private readonly Random _random = new(seed);
    private TimeSpan _free;
    private TimeSpan _latest;
    private TimeSpan _fence;

    /// <summary>A change that comes now, into a table with so many rules of which so many have to make room: when it takes effect.</summary>
    public TimeSpan Next(TimeSpan now, int rules, int lower)
    {
        if (_free < now)
            _free = now;
        if (profile.RulesPerSecond is { } rate)
            _free += TimeSpan.FromSeconds((1 + profile.OccupancySlowdown * rules / tableSize) / rate);
        _free += profile.ShiftTime * lower;
        TimeSpan due = _free + profile.ShortestDelay + (profile.LongestDelay - profile.ShortestDelay) * _random.NextDouble();
        TimeSpan floor = profile.Order switch
        {
            InstallOrder.Arrival => _latest,
            InstallOrder.BetweenBarriers => _fence,
            _ => TimeSpan.Zero,
        };
        if (due < floor)
            due = floor;
        if (_latest < due)
            _latest = due;
        return due;
    }

    /// <summary>A barrier that comes now: when it is answered.</summary>
    public TimeSpan Barrier(TimeSpan now)
    {
        _fence = _latest;
        TimeSpan due = _latest - profile.BarrierLead;
        return due < now ? now : due;
    }
}

namespace NetServ.Controller.Tests.Channel;

/// <summary>A clock that stands until the test turns it, from any thread.</summary>
internal sealed class HeldClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Turn(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}

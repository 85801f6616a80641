namespace NetServ.Node.Tests.Support;

/// <summary>A clock that the test turns; timers run on the real one.</summary>
internal sealed class TestTime : TimeProvider
{
    private DateTimeOffset _now = new(2024, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}

using NetServ.Demo.Counting;
using NetServ.Demo.Running;

namespace NetServ.Demo.Story;

/// <summary>For `--json`: says nothing.</summary>
internal sealed class SilentStory : IStory
{
    /// <inheritdoc/>
    public TimeSpan TrafficTime => TimeSpan.Zero;

    /// <inheritdoc/>
    public void Show(Testbed testbed)
    {
    }

    /// <inheritdoc/>
    public void Part(StoryPart part, string title)
    {
    }

    /// <inheritdoc/>
    public void Step(int number, string text, bool happened)
    {
    }

    /// <inheritdoc/>
    public void Note(string text)
    {
    }

    /// <inheritdoc/>
    public void Hear(string text)
    {
    }

    /// <inheritdoc/>
    public Task BreatheAsync(CancellationToken stop) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Finish(RunReport report)
    {
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

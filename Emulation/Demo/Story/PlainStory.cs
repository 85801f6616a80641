using System.Diagnostics;
using System.Globalization;
using NetServ.Demo.Counting;
using NetServ.Demo.Running;

namespace NetServ.Demo.Story;

/// <summary>The story as plain lines, for files and pipes.</summary>
internal sealed class PlainStory(TextWriter output) : IStory
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public TimeSpan TrafficTime => TimeSpan.Zero;

    /// <inheritdoc/>
    public void Show(Testbed testbed) =>
        Line("the switch has " + string.Join(", ", testbed.Taps.Select(t => $"port {t.Number}: {t.Name}")));

    /// <inheritdoc/>
    public void Part(StoryPart part, string title) => Line($"-- {Script.NameOf(part)}: {title}");

    /// <inheritdoc/>
    public void Step(int number, string text, bool happened) => Line($"step {number}: {text}");

    /// <inheritdoc/>
    public void Note(string text) => Line($"   {text}");

    /// <inheritdoc/>
    public void Hear(string text) => Line($"   controller: {text}");

    /// <inheritdoc/>
    public Task BreatheAsync(CancellationToken stop) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Finish(RunReport report)
    {
        foreach (string[] row in Summary.Rows(report))
            output.WriteLine(string.Join(" ", row.Select((cell, i) => i == 0 ? cell.PadRight(Summary.LongestLabel) : cell.PadLeft(10))));
        foreach (string failed in report.Failed)
            output.WriteLine($"NOT AS EXPECTED: {failed}");
        output.WriteLine(Summary.Closing(report));
        output.Flush();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Line(string text)
    {
        lock (_gate)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_start).TotalSeconds,6:0.00} s  {text}"));
            output.Flush();
        }
    }
}

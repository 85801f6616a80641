using NetServ.Demo.Counting;
using NetServ.Demo.Running;

namespace NetServ.Demo.Story;

/// <summary>Tells a person what happens, as it happens. Calls come from any thread.</summary>
internal interface IStory : IAsyncDisposable
{
    /// <summary>For how long traffic has to flow in a part, at least, for a reader to see it flow; zero where nobody looks on.</summary>
    TimeSpan TrafficTime { get; }

    /// <summary>The switch is there, and what hangs on it.</summary>
    void Show(Testbed testbed);

    /// <summary>A part of the run begins.</summary>
    void Part(StoryPart part, string title);

    /// <summary>One of the seven steps has happened, or will not happen any more; in their order, each told once.</summary>
    void Step(int number, string text, bool happened);

    /// <summary>Something worth a line.</summary>
    void Note(string text);

    /// <summary>What the controller says of itself.</summary>
    void Hear(string text);

    /// <summary>Time for the reader to follow; no time where nobody reads along.</summary>
    Task BreatheAsync(CancellationToken stop);

    /// <summary>The end.</summary>
    void Finish(RunReport report);
}

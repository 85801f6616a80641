using NetServ.Demo.Counting;
using NetServ.Demo.Running;
using Spectre.Console;

namespace NetServ.Demo.Story.Live;

/// <summary>
/// The story as a moving picture on a terminal. Calls note down what they are told; a loop of its own looks at the counters eight times a second
/// and draws. Nothing of that runs on a thread that carries packets.
/// </summary>
internal sealed class LiveStory : IStory
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(125);
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(1.7);

    private readonly IAnsiConsole _console;
    private readonly TimeProvider _clock;
    private readonly LiveScreen _screen;
    private readonly StoryState _state;
    private readonly Glyphs _glyphs;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _loop;
    private volatile Gauges? _gauges;

    /// <summary>Takes the terminal over.</summary>
    public LiveStory(IAnsiConsole console, TimeProvider clock)
    {
        (_console, _clock) = (console, clock);
        _screen = new LiveScreen(console);
        _state = new StoryState(clock);
        _glyphs = console.Profile.Capabilities.Unicode ? Glyphs.Unicode : Glyphs.Ascii;
        _screen.Enter();
        _loop = RefreshAsync();
    }

    /// <inheritdoc/>
    public TimeSpan TrafficTime { get; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public void Show(Testbed testbed) =>
        _gauges = new Gauges(testbed.Switch.Kind == "ovs" ? "Open vSwitch" : "emulated switch", testbed.Taps, testbed.Observer.Live);

    /// <inheritdoc/>
    public void Part(StoryPart part, string title)
    {
        _gauges?.Begin(part);
        _state.Begin(part, title);
    }

    /// <inheritdoc/>
    public void Step(int number, string text, bool happened) => _state.Step(number, text, happened);

    /// <inheritdoc/>
    public void Note(string text) => _state.Add(text, ofController: false);

    /// <inheritdoc/>
    public void Hear(string text) => _state.Add(text, ofController: true);

    /// <inheritdoc/>
    public Task BreatheAsync(CancellationToken stop) => Task.Delay(Breath, _clock, stop);

    /// <inheritdoc/>
    public void Finish(RunReport report) => End(report);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        End(null);
        return ValueTask.CompletedTask;
    }

    /// <summary>Gives the terminal back and leaves the last page on it; once.</summary>
    private void End(RunReport? report)
    {
        if (_over.IsCancellationRequested)
            return;
        _over.Cancel();
        try
        {
            _screen.Leave();
            LastPage.Write(_console, _state.Read().Steps, _glyphs, report);
        }
        catch (IOException)
        {
            // The terminal is gone, and with it whoever could read.
        }
        _loop.Wait();
        _over.Dispose();
    }

    private async Task RefreshAsync()
    {
        using PeriodicTimer timer = new(Refresh, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_over.Token))
                Draw();
        }
        catch (OperationCanceledException)
        {
            // The story is over.
        }
        catch (IOException)
        {
            // The terminal is gone; the run goes on to its end.
        }
    }

    private void Draw()
    {
        TimeSpan now = _state.Elapsed;
        Scene scene = new() { Elapsed = now, Telling = _state.Read(), Readings = _gauges?.Read(now) ?? Readings.None };
        (int width, int height) = _screen.Size;
        _screen.Show(ScenePainter.Paint(scene, width, height, _glyphs));
    }
}

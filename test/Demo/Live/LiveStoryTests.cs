using NetServ.Demo.Counting;
using NetServ.Demo.Measuring;
using NetServ.Demo.Story;
using NetServ.Demo.Story.Live;
using NetServ.Demo.Traffic;
using NetServ.Emulation;
using Spectre.Console;

namespace NetServ.Demo.Tests.Live;

public sealed class LiveStoryTests : IDisposable
{
    private readonly VirtualClock _clock = new();
    private readonly VirtualTerminal _terminal = new(80, 24);
    private LiveStory _story = null!;

    private static RunReport Report
    {
        get
        {
            SipTraffic traffic = new(flows: 4, burst: 1, new PhaseMarks(), leastLater: 0);
            PhaseCounter counter = new(traffic.Flows, new Dictionary<ushort, string> { [5] = "node1" }, stamps: false);
            return new RunReport
            {
                Switch = "emulated",
                Nodes = 1,
                Module = "mark",
                Pps = 1000,
                Burst = 1,
                Filter = traffic.Filter.ToString(),
                Control = new ControlReport(0, 0, 0, 0, 0),
                Phases = [.. new[] { PhaseCode.Before, PhaseCode.Installed, PhaseCode.Removed }.Select(p => counter.Phase(p.ToString().ToLowerInvariant(), p, default, [], []))],
                Transitions = [],
                PortCounters = new PortCounters("none", null, []),
            };
        }
    }

    [SetUp]
    public async Task BeginAsync()
    {
        _story = new LiveStory(_terminal.Console, _clock);
        await _terminal.NextFlushAsync();
        _story.Part(StoryPart.Setup, "a request arrives");
        await TickAsync();
    }

    public void Dispose() => _terminal.Dispose();

    [Test]
    public void It_has_a_screen_of_its_own_without_a_cursor() =>
        Assert.That((_terminal.OnSecondScreen, _terminal.CursorShown, _terminal.Rows[1]), Is.EqualTo((true, false, " a request arrives")));

    [Test]
    public async Task What_is_told_is_seen_at_the_next_look()
    {
        _story.Step(1, "the switch is there", happened: true);
        _story.Hear("node node1 connected");
        await TickAsync();
        Assert.That(_terminal.Rows, Has.Some.EqualTo(" ✓ 1 the switch is there").And.Some.EndsWith("node node1 connected"));
        Assert.That(_terminal.Rows, Has.Some.StartsWith(" ▶ 2 "));
    }

    [TestCase(60, 15)]
    [TestCase(80, 20)]
    [TestCase(130, 45)]
    public async Task After_a_resize_nothing_of_the_older_picture_is_left(int width, int height)
    {
        _terminal.Resize(width, height);
        await TickAsync();
        Scene same = Scenes.At(StoryPart.Setup, "a request arrives", 0, Readings.None, events: 0);
        Assert.That(_terminal.Rows[1..], Is.EqualTo(Scenes.Seen(same, width, height)[1..]));
    }

    [Test]
    public async Task At_the_end_the_steps_and_the_summary_stay_on_the_screen()
    {
        _terminal.Resize(80, 40);
        _story.Step(1, "the switch is there", happened: true);
        _story.Finish(Report);
        await _story.DisposeAsync();
        Assert.That((_terminal.OnSecondScreen, _terminal.CursorShown), Is.EqualTo((false, true)));
        Assert.That(_terminal.Rows[0], Is.EqualTo(" ✓ 1  the switch is there"));
        foreach (string[] row in Summary.Rows(Report).Skip(1))
            Assert.That(_terminal.Rows, Has.Some.Match($"^ *{row[0]} +{string.Join(" +", row.Skip(1))}$"));
        Assert.That(string.Join(' ', _terminal.Rows.Select(r => r.Trim())), Does.Contain(Summary.Closing(Report)));
    }

    [Test]
    public async Task What_was_not_as_expected_is_named()
    {
        _story.Finish(Report with { Failed = ["before: 3 of 9 packets were lost"] });
        await _story.DisposeAsync();
        Assert.That(_terminal.Rows, Has.Some.EqualTo("NOT AS EXPECTED: before: 3 of 9 packets were lost"));
    }

    [Test]
    public async Task When_the_run_breaks_off_the_terminal_is_as_before_and_shows_how_far_it_came()
    {
        _story.Step(1, "the switch is there", happened: true);
        await _story.DisposeAsync();
        Assert.That((_terminal.OnSecondScreen, _terminal.CursorShown), Is.EqualTo((false, true)));
        Assert.That(_terminal.Rows[..2], Is.EqualTo(new[] { " ✓ 1  the switch is there", " ▶ 2  SETUP is accepted: its filter is remembered" }));
    }

    [Test]
    public void A_terminal_that_went_away_does_not_end_the_run()
    {
        _terminal.IsGone = true;
        _clock.Advance(TimeSpan.FromSeconds(1));
        _story.Step(1, "the switch is there", happened: true);
        Assert.DoesNotThrow(() => _story.Finish(Report));
    }

    [Test]
    public async Task A_reader_gets_time_and_an_interrupted_one_does_not_wait()
    {
        Task breath = _story.BreatheAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(breath.IsCompleted, Is.False);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await breath;
        Assert.That(() => _story.BreatheAsync(new CancellationToken(true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase(ColorSystemSupport.NoColors, false)]
    [TestCase(ColorSystemSupport.EightBit, true)]
    public void Colours_are_left_to_the_terminal(ColorSystemSupport support, bool colours)
    {
        using VirtualTerminal terminal = new(80, 24, support);
        terminal.Console.Write(ScenePainter.Paint(Scenes.Installed, 80, 24, Glyphs.Unicode));
        Assert.That(terminal.Raw, colours ? Does.Match(@"\e\[[0-9;]*38;5;2m") : Does.Not.Match(@"\e\[([0-9;]*;)?(3[0-8]|9[0-7])[;m]"));
    }

    /// <summary>Time goes on until a picture is drawn.</summary>
    private async Task TickAsync()
    {
        _clock.Advance(TimeSpan.FromMilliseconds(125));
        await _terminal.NextFlushAsync();
    }
}

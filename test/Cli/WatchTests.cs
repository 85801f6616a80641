using System.Text.Json;
using NetServ.Coordination;

namespace NetServ.Cli.Tests;

public class WatchTests
{
    private FakeController _controller = null!;

    private string Watching => $"netserv watch: watching {_controller.Url}\n";

    [SetUp]
    public async Task StartController()
    {
        _controller = await FakeController.StartAsync();
        _controller.Operator.Events.Add(new Event { UnixNs = 1_738_324_800_123_456_000, Kind = "switch-up", Text = "switch 1 connected", Fields = { ["dpid"] = "1" } });
        _controller.Operator.Events.Add(new Event { UnixNs = 1_738_324_801_000_000_000, Kind = "setup", Text = "jane asks for Mark" });
    }

    [TearDown]
    public async Task StopController() => await _controller.DisposeAsync();

    [Test]
    public async Task Events_are_lines_with_local_time_kind_and_text()
    {
        CliRun run = await CliRun.With(new Surroundings { Time = new ClockInParis() }, "watch", "--controller", _controller.Url, "--count", "2");
        Assert.That((run.Exit, run.Error), Is.EqualTo((0, Watching)));
        Assert.That(run.OutLines, Is.EqualTo(new[] { "13:00:00.123  switch-up      switch 1 connected", "13:00:01.000  setup          jane asks for Mark" }));
    }

    [Test]
    public async Task As_JSON_an_event_is_an_object_on_a_line()
    {
        CliRun run = await CliRun.Of("watch", "--controller", _controller.Url, "--count", "1", "--json");
        JsonElement happened = JsonElement.Parse(run.OutLines.Single());
        Assert.That(happened.GetProperty("time").GetString(), Is.EqualTo("2025-01-31T12:00:00.123456Z"));
        Assert.That(happened.GetProperty("kind").GetString(), Is.EqualTo("switch-up"));
        Assert.That(happened.GetProperty("fields").GetProperty("dpid").GetString(), Is.EqualTo("1"));
    }

    [Test]
    public async Task Ctrl_C_ends_it_well()
    {
        using CancellationTokenSource stop = new();
        StoppingWriter output = new("jane asks", stop);
        CliRun run = await CliRun.With(new Surroundings { Out = output, Stop = stop.Token }, "watch", "--controller", _controller.Url);
        Assert.That((run.Exit, run.Error), Is.EqualTo((0, Watching)));
        Assert.That(run.OutLines, Has.Length.EqualTo(2));
    }

    [TestCase("")]
    [TestCase(" with 3 events to go", "--count", "5")]
    public async Task A_stream_that_the_controller_ends_is_a_failure(string missing, params string[] more)
    {
        _controller.Operator.EndsWatch = true;
        CliRun run = await CliRun.Of(["watch", "--controller", _controller.Url, .. more]);
        Assert.That((run.Exit, run.Error), Is.EqualTo((1, Watching + $"netserv watch: the controller ended the stream{missing}\n")));
        Assert.That(run.OutLines, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task That_it_watches_is_said_before_anything_happens()
    {
        _controller.Operator.Events.Clear();
        using CancellationTokenSource stop = new();
        StoppingWriter error = new("watching", stop);
        CliRun run = await CliRun.With(new Surroundings { Error = error, Stop = stop.Token }, "watch", "--controller", _controller.Url);
        Assert.That((run.Exit, run.Out, run.Error), Is.EqualTo((0, "", Watching)));
    }

    [Test]
    public async Task Who_is_refused_is_not_told_that_it_watches()
    {
        _controller.Operator.Token = "secret";
        CliRun run = await CliRun.Of("watch", "--controller", _controller.Url);
        Assert.That((run.Exit, run.ErrorLines.Length), Is.EqualTo((1, 1)));
        Assert.That(run.Error, Does.Contain("does not accept the operator token"));
    }

    [TestCase("0")]
    [TestCase("many")]
    public async Task The_count_is_a_number(string count) =>
        Assert.That((await CliRun.Of("watch", "--count", count)).Exit, Is.EqualTo(2));

    /// <summary>Presses Ctrl+C when it sees a text.</summary>
    private sealed class StoppingWriter(string text, CancellationTokenSource stop) : StringWriter
    {
        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            if (value?.Contains(text) == true)
                await stop.CancelAsync();
        }
    }

    private sealed class ClockInParis : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.CreateCustomTimeZone("Paris", TimeSpan.FromHours(1), "Paris", "Paris");
    }
}

using System.Runtime.InteropServices;
using System.Text.Json;
using NetServ.Demo;
using NetServ.Demo.Counting;
using NetServ.Demo.Measuring;
using NetServ.Demo.Running;
using NetServ.Demo.Story;
using NetServ.Demo.Story.Live;
using NetServ.Demo.Traffic;
using NetServ.Demo.Traffic.Captures;

using CancellationTokenSource stop = new();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
return await new DemoCommand(RunAsync).InvokeAsync(args, stop.Token);

void Stop(PosixSignalContext context)
{
    // Not at once: the programs that were started have to be ended first.
    context.Cancel = true;
    stop.Cancel();
}

static async Task<int> RunAsync(DemoOptions options, CancellationToken stop)
{
    try
    {
        PhaseMarks marks = new();
        // A capture that cannot be played is refused before the story takes the screen.
        ITraffic? capture = options.Pcap is { } file ? CaptureTraffic.Load(file.FullName, options, marks) : null;
        await using IStory story = StoryFor(options);
        ITraffic traffic = capture ?? SipTraffic.ToBeSeen(options, story.TrafficTime, marks);
        RunReport report;
        await using (DemoRun run = new(options, traffic, marks, story))
            report = await run.RunAsync(stop);
        story.Finish(report);
        if (options.Json)
            Console.WriteLine(JsonSerializer.Serialize(report, JsonSerializerOptions.Web));
        if (options.Json && !report.Ok)
            await Console.Error.WriteLineAsync(string.Join('\n', report.Failed.Select(f => $"netserv demo: {f}")));
        return report.Ok ? ExitCodes.Ok : ExitCodes.Failed;
    }
    catch (DemoException e)
    {
        await Console.Error.WriteLineAsync($"netserv demo: {e.Message}");
        return e.ExitCode;
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        await Console.Error.WriteLineAsync("netserv demo: interrupted");
        return ExitCodes.Interrupted;
    }
}

static IStory StoryFor(DemoOptions options)
{
    if (options.Json)
        return new SilentStory();
    return Terminal.ForPicture(options) is { } console ? new LiveStory(console, TimeProvider.System) : new PlainStory(Console.Out);
}

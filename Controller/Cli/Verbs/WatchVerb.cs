using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Shows what happens, as it happens.</summary>
internal sealed class WatchVerb : ControllerVerb
{
    private static readonly JsonSerializerOptions s_oneLine = new(Listing.Json) { WriteIndented = false };

    private readonly Option<bool> _json;
    private readonly Option<string> _count;

    internal WatchVerb()
        : base("watch", "Shows what happens in the controller, as it happens, until Ctrl+C; says on standard error from when on nothing is missed.")
    {
        _count = AddText("--count", "N", "end after N events");
        _json = AddFlag("--json", "write a JSON object per line");
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> Faults(ParseResult options, CliEnvironment environment)
    {
        foreach (string fault in base.Faults(options, environment))
            yield return fault;
        if (Text(options, _count) is { } text && Count(options) is null)
            yield return $"--count: '{text}' is not a number of events; write 1 or more";
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        long left = Count(options) ?? long.MaxValue;
        using AsyncServerStreamingCall<Event> call = connection.Client.Watch(new WatchRequest(), connection.Lasting(stop));
        try
        {
            await call.ResponseHeadersAsync.WaitAsync(stop);
            // A call that is refused has headers, too.
            if (!HasEnded(call))
                await environment.Error.WriteLineAsync($"netserv watch: watching {connection.Url}");
            while (left > 0 && await call.ResponseStream.MoveNext(stop))
            {
                Event happened = call.ResponseStream.Current;
                await environment.Out.WriteLineAsync(Given(options, _json) ? Json(happened) : Line(happened, environment.Time.LocalTimeZone));
                await environment.Out.FlushAsync(stop);
                left--;
            }
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is RpcException or OperationCanceledException)
        {
            // Ctrl+C is how a person ends it.
            return ExitCode.Success;
        }
        if (left == 0)
            return ExitCode.Success;
        string missing = Count(options) is null ? "" : $" with {left} events to go";
        await environment.Error.WriteLineAsync($"netserv watch: the controller ended the stream{missing}");
        return ExitCode.Failure;
    }

    private static bool HasEnded(AsyncServerStreamingCall<Event> call)
    {
        try
        {
            call.GetStatus();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Line(Event happened, TimeZoneInfo zone)
    {
        string time = TimeZoneInfo.ConvertTime(Time(happened), zone).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        return $"{time}  {happened.Kind,-14} {happened.Text}";
    }

    private static string Json(Event happened) =>
        JsonSerializer.Serialize(
            new { time = Time(happened).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture), kind = happened.Kind, text = happened.Text, fields = happened.Fields.ToDictionary() },
            s_oneLine);

    private static DateTimeOffset Time(Event happened) => DateTimeOffset.UnixEpoch.AddTicks(happened.UnixNs / TimeSpan.NanosecondsPerTick);

    private static long? Count(ParseResult options, Option<string> count) =>
        long.TryParse(Text(options, count), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 ? number : null;

    private long? Count(ParseResult options) => Count(options, _count);
}

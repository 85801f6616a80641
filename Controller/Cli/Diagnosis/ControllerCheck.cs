using System.Globalization;
using Grpc.Core;
using NetServ.Coordination;

namespace NetServ.Cli.Diagnosis;

/// <summary>Asks the controller whether it is there and what time it has.</summary>
internal static class ControllerCheck
{
    // The header has whole seconds, and servers renew it once a second.
    private static readonly TimeSpan s_resolution = TimeSpan.FromSeconds(2);

    // As much as a request may be ahead of the controller's clock.
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(60);

    /// <summary>Reachability, then the clocks.</summary>
    /// <param name="connection">The controller.</param>
    /// <param name="named">Whether the person named it; if not, its absence is no fault.</param>
    /// <param name="time">This machine's clock.</param>
    /// <param name="stop">Ends the call.</param>
    internal static async Task<IReadOnlyList<Finding>> CheckAsync(OperatorConnection connection, bool named, TimeProvider time, CancellationToken stop)
    {
        const string Name = "controller";
        try
        {
            DateTimeOffset sent = time.GetUtcNow();
            using AsyncUnaryCall<ListNodesReply> call = connection.Client.ListNodesAsync(new ListNodesRequest(), connection.Soon(stop));
            Metadata headers = await call.ResponseHeadersAsync;
            DateTimeOffset received = time.GetUtcNow();
            ListNodesReply reply = await call.ResponseAsync;
            Finding reached = new(Name, Severity.Ok, $"answers at {connection.Url}, {reply.Nodes.Count} node(s) connected");
            return headers.GetValue("date") is { } date ? [reached, Clock(date, sent, received)] : [reached];
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && !named)
        {
            return [new Finding(Name, Severity.Note, $"none answers at {connection.Url}", "start one with 'netserv controller', or name another with --controller")];
        }
        catch (RpcException e) when (!stop.IsCancellationRequested)
        {
            string[] parts = connection.Explain(e).Split("; ", 2);
            return [new Finding(Name, Severity.Fault, parts[0], parts.Length > 1 ? parts[1] : "look at the controller's log")];
        }
    }

    private static Finding Clock(string date, DateTimeOffset sent, DateTimeOffset received)
    {
        const string Name = "clock";
        if (!DateTimeOffset.TryParseExact(date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset theirs))
            return new Finding(Name, Severity.Note, $"the controller's time cannot be read: '{date}'", "update the controller");
        // Only what is certain: their clock had a time from theirs to theirs + resolution when ours had one from sent to received.
        TimeSpan ahead = sent - (theirs + s_resolution);
        TimeSpan behind = theirs - received;
        TimeSpan difference = ahead > behind ? ahead : behind;
        if (difference < TimeSpan.FromSeconds(1))
            return new Finding(Name, Severity.Ok, "agrees with the controller's, as far as that can be told");
        string text = string.Create(CultureInfo.InvariantCulture, $"at least {(long)difference.TotalSeconds} s {(ahead > behind ? "ahead of" : "behind")} the controller's");
        return difference <= s_tolerance
            ? new Finding(Name, Severity.Ok, text)
            : new Finding(Name, Severity.Fault, text + "; signed requests are refused as stale", "set the clocks of both machines, best by NTP");
    }
}

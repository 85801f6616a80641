using System.Globalization;
using Grpc.Core;
using NetServ.Coordination;

namespace NetServ.Cli.Diagnosis;

/// <summary>Asks the controller whether it is there and what time it has.</summary>
internal static class ControllerCheck
{
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
            using AsyncUnaryCall<ListNodesReply> call = connection.Client.ListNodesAsync(new ListNodesRequest(), connection.Soon(stop));
            Metadata headers = await call.ResponseHeadersAsync;
            ListNodesReply reply = await call.ResponseAsync;
            Finding reached = new(Name, Severity.Ok, $"answers at {connection.Url}, {reply.Nodes.Count} node(s) connected");
            return headers.GetValue("date") is { } date ? [reached, Clock(date, time.GetUtcNow())] : [reached];
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

    private static Finding Clock(string date, DateTimeOffset now)
    {
        const string Name = "clock";
        if (!DateTimeOffset.TryParseExact(date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset theirs))
            return new Finding(Name, Severity.Note, $"the controller's time cannot be read: '{date}'", "update the controller");
        double ahead = (now - theirs).TotalSeconds;
        string text = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(ahead):0} s {(ahead < 0 ? "behind" : "ahead of")} the controller's");
        return Math.Abs(ahead) <= s_tolerance.TotalSeconds
            ? new Finding(Name, Severity.Ok, text)
            : new Finding(Name, Severity.Fault, text + "; signed requests are refused as stale", "set the clocks of both machines, best by NTP");
    }
}

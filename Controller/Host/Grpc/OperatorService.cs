using Grpc.Core;
using NetServ.Controller.Configuration;
using NetServ.Controller.Core;
using NetServ.Controller.Core.Modules;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Verification;
using NetServ.Controller.Decisions;
using NetServ.Controller.Inspecting;
using NetServ.Controller.OpenFlow;
using NetServ.Coordination;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Controller.Grpc;

/// <summary>The operators' end of operator.proto.</summary>
public sealed class OperatorService(
    ControllerOptions options, CoreLoop core, PendingRequests requests, EventHub events, SwitchLoop switches, SwitchReporter reporter, RuleReader reader, Inspector inspector,
    TimeProvider clock, IHostApplicationLifetime lifetime)
    : Operator.OperatorBase
{
    private static readonly TimeSpan s_cleanWithin = TimeSpan.FromSeconds(10);
    private const int LongestWait = 120_000;
    private const int LongestDrain = 24 * 3600 * 1000;

    /// <inheritdoc/>
    public override async Task<SubmitReply> Submit(SubmitRequest request, ServerCallContext context)
    {
        (long ticket, Task<RequestOutcome> answer) = requests.Open();
        core.Tell(new CoreInput.Submitted(
            ticket, [.. request.Request], RequestOrigin.OperatorApi, "", 0, request.DryRun, (int)Math.Min(request.WaitMs, LongestWait), clock.GetUtcNow()));
        return Listings.ReplyOf(await answer.WaitAsync(context.CancellationToken));
    }

    /// <inheritdoc/>
    public override async Task<SubmitReply> Drain(DrainRequest request, ServerCallContext context)
    {
        Authorize(context);
        (long ticket, Task<RequestOutcome> answer) = requests.Open();
        core.Tell(new CoreInput.DrainAsked(ticket, request.Node, request.Resume, (int)Math.Min(request.WithinMs, LongestDrain)));
        return Listings.ReplyOf(await answer.WaitAsync(context.CancellationToken));
    }

    /// <inheritdoc/>
    public override async Task<RecallReply> Recall(RecallRequest request, ServerCallContext context)
    {
        Authorize(context);
        return PacketText.TryParseFlows(request.Flows, out Predicate<FiveTuple>? isMeant, out string? error)
            ? new RecallReply { Flows = (uint)await switches.RecallAsync(isMeant) }
            : throw new RpcException(new Status(StatusCode.InvalidArgument, error));
    }

    /// <inheritdoc/>
    public override Task<TraceReply> Trace(TraceRequest request, ServerCallContext context)
    {
        Authorize(context);
        return inspector.TraceAsync(request, context.CancellationToken);
    }

    /// <inheritdoc/>
    public override Task<CheckReply> Check(CheckRequest request, ServerCallContext context)
    {
        Authorize(context);
        return inspector.CheckAsync(request, context.CancellationToken);
    }

    /// <inheritdoc/>
    public override async Task<ListNodesReply> ListNodes(ListNodesRequest request, ServerCallContext context)
    {
        Authorize(context);
        Dictionary<uint, NodeListing.Load> loads = await switches.InspectAsync(NodeListing.LoadsOf);
        return await core.InspectAsync(c => NodeListing.Nodes(c, loads, core.Now));
    }

    /// <inheritdoc/>
    public override async Task<ListModulesReply> ListModules(ListModulesRequest request, ServerCallContext context)
    {
        Authorize(context);
        Dictionary<uint, SourceDivision> divisions = await switches.InspectAsync(SourceDivision.Of);
        return await core.InspectAsync(c => Listings.Modules(c, divisions, core.Now));
    }

    /// <inheritdoc/>
    public override Task<ListSwitchesReply> ListSwitches(ListSwitchesRequest request, ServerCallContext context)
    {
        Authorize(context);
        return ListSwitchesAsync();
    }

    /// <inheritdoc/>
    public override Task<ListLinksReply> ListLinks(ListLinksRequest request, ServerCallContext context)
    {
        Authorize(context);
        return core.InspectAsync(NetworkListings.Links);
    }

    /// <inheritdoc/>
    public override async Task<ListHostsReply> ListHosts(ListHostsRequest request, ServerCallContext context)
    {
        Authorize(context);
        ListHostsReply reply = await switches.InspectAsync(loop => NetworkListings.Hosts(loop, request.Dpid));
        if (reply.Hosts.Count == 0)
            await RequireConnectedAsync(request.Dpid);
        return reply;
    }

    /// <inheritdoc/>
    public override async Task<ListRulesReply> ListRules(ListRulesRequest request, ServerCallContext context)
    {
        Authorize(context);
        IReadOnlyDictionary<uint, string> owners = await core.InspectAsync(Listings.NamesOfOwners);
        await RequireConnectedAsync(request.Dpid);
        if (!request.Diff)
            return await switches.InspectAsync(loop => RuleListing.Known(loop, request.Dpid, owners));
        Dictionary<long, SessionEvent.RulesRead> read = await reader.ReadAsync(request.Dpid, context.CancellationToken);
        return await switches.InspectAsync(loop => RuleListing.Compared(loop, read, owners));
    }

    /// <inheritdoc/>
    public override async Task<CleanReply> Clean(CleanRequest request, ServerCallContext context)
    {
        Authorize(context);
        (List<Task<SessionEvent.Cleaned>> answers, bool any) = await switches.InspectAsync(loop => StartClean(loop, request));
        if (!any)
            throw request.All ? new RpcException(new Status(StatusCode.NotFound, "no switch is connected")) : NotConnected(request.Dpid);
        CleanReply reply = new();
        try
        {
            foreach (SessionEvent.Cleaned cleaned in await Task.WhenAll(answers).WaitAsync(s_cleanWithin, clock, context.CancellationToken))
            {
                reply.Removed += (uint)cleaned.Removed;
                reply.LeftAlone += (uint)cleaned.LeftAlone;
            }
        }
        catch (TimeoutException)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, "a switch did not answer in time; look at its rules with 'ovs-ofctl dump-flows' and try again"));
        }
        return reply;
    }

    /// <inheritdoc/>
    public override async Task Watch(WatchRequest request, IServerStreamWriter<Event> responseStream, ServerCallContext context)
    {
        Authorize(context);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        (Guid id, System.Threading.Channels.ChannelReader<TimedReport> reports) = events.Subscribe();
        try
        {
            // The headers tell the caller that from now on nothing is missed.
            await context.WriteResponseHeadersAsync([]);
            await foreach (TimedReport report in reports.ReadAllAsync(ending.Token))
                await responseStream.WriteAsync(Listings.EventOf(report), CancellationToken.None);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The watcher left, or we stop.
        }
        finally
        {
            events.Unsubscribe(id);
        }
    }

    private async Task<ListSwitchesReply> ListSwitchesAsync()
    {
        (Dictionary<(ulong, ushort), string> roles, HashSet<ulong> cleaned) = await switches.InspectAsync(loop => (NetworkListings.Roles(loop), NetworkListings.Cleaned(loop)));
        return await core.InspectAsync(c => Listings.Switches(c, roles, cleaned));
    }

    // An empty list would say that it is there and has nothing.
    private async Task RequireConnectedAsync(ulong dpid)
    {
        if (dpid != 0 && !await switches.InspectAsync(loop => loop.Connections.Values.Any(c => c.Session.IsRunning && c.Session.Dpid == dpid)))
            throw NotConnected(dpid);
    }

    private static RpcException NotConnected(ulong dpid) => new(new Status(StatusCode.NotFound, $"switch {dpid:x16} is not connected; 'netserv switches' lists those that are"));

    private (List<Task<SessionEvent.Cleaned>> Answers, bool Any) StartClean(SwitchLoop loop, CleanRequest request)
    {
        List<Task<SessionEvent.Cleaned>> answers = [];
        foreach (SwitchConnection connection in loop.Connections.Values.Where(c => c.Session.IsRunning && (request.All || c.Session.Dpid == request.Dpid)))
        {
            (long token, Task<SessionEvent.Cleaned> answer) = reporter.OpenClean();
            loop.Do(connection, s => s.Clean(token));
            answers.Add(answer);
        }
        return (answers, answers.Count > 0);
    }

    private void Authorize(ServerCallContext context)
    {
        if (options.OperatorToken is { Length: > 0 } expected && !BearerTokens.AreEqual(expected, BearerTokens.Of(context)))
            throw new RpcException(new Status(StatusCode.Unauthenticated, "this needs the operator's token: --token or NETSERV_TOKEN, as 'operatorToken' in the controller's configuration has it"));
    }
}

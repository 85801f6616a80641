using Grpc.Core;
using NetServ.Coordination;
using NetServ.Signaling;

namespace NetServ.Cli.Tests;

/// <summary>
/// An operator API that behaves: it reads requests, checks their signatures against the users' keys, refuses replays, and keeps the
/// modules that were asked for. Listings want the token, if it has one.
/// </summary>
internal sealed class FakeOperator : Operator.OperatorBase
{
    private readonly HashSet<UInt128> _nonces = [];

    internal Dictionary<string, string> PublicKeys { get; } = [];

    internal string? Token { get; set; }

    internal List<byte[]> Received { get; } = [];

    internal List<NodeInfo> Nodes { get; } = [];

    internal List<ModuleInfo> Modules { get; } = [];

    internal List<SwitchInfo> Switches { get; } = [];

    internal List<LinkInfo> Links { get; } = [];

    internal List<HostInfo> Hosts { get; } = [];

    internal List<RuleInfo> Rules { get; } = [];

    internal bool LastDiff { get; private set; }

    internal List<Event> Events { get; } = [];

    internal bool EndsWatch { get; set; }

    internal CleanRequest? Cleaned { get; private set; }

    internal Exception? Failure { get; set; }

    internal TraceRequest? Traced { get; private set; }

    internal TraceReply TraceReply { get; set; } = new() { Way = new Way { At = "s1:1" } };

    internal CheckRequest? Checked { get; private set; }

    internal CheckReply CheckReply { get; set; } = new() { Clean = true, Proven = true, Verdict = "proven: nothing" };

    internal DrainRequest? Drained { get; private set; }

    internal RecallRequest? Recalled { get; private set; }

    internal uint RecalledFlows { get; set; } = 2;

    public override Task<RecallReply> Recall(RecallRequest request, ServerCallContext context)
    {
        if (Failure is not null)
            throw Failure;
        Recalled = request;
        return Task.FromResult(new RecallReply { Flows = RecalledFlows });
    }

    public override Task<SubmitReply> Submit(SubmitRequest request, ServerCallContext context)
    {
        if (Failure is not null)
            throw Failure;
        Received.Add(request.Request.ToByteArray());
        if (!NetServRequest.TryParse(request.Request.Span, out NetServRequest? asked, out RequestRefusal? refusal))
            return Task.FromResult(Refuse(refusal));
        refusal = Judge(asked, request.DryRun);
        if (refusal is not null)
            return Task.FromResult(Refuse(refusal));
        SubmitReply reply = new() { StatusClass = 2, Code = "ok", ModuleId = asked.Module.ToString(), OwnerId = 1 };
        if (!request.DryRun)
            Carry(asked, reply);
        return Task.FromResult(reply);
    }

    public override Task<ListNodesReply> ListNodes(ListNodesRequest request, ServerCallContext context)
    {
        RequireToken(context);
        ListNodesReply reply = new();
        reply.Nodes.AddRange(Nodes);
        return Task.FromResult(reply);
    }

    public override Task<ListModulesReply> ListModules(ListModulesRequest request, ServerCallContext context)
    {
        RequireToken(context);
        ListModulesReply reply = new();
        reply.Modules.AddRange(Modules);
        return Task.FromResult(reply);
    }

    public override Task<ListSwitchesReply> ListSwitches(ListSwitchesRequest request, ServerCallContext context)
    {
        RequireToken(context);
        ListSwitchesReply reply = new();
        reply.Switches.AddRange(Switches);
        return Task.FromResult(reply);
    }

    public override Task<ListLinksReply> ListLinks(ListLinksRequest request, ServerCallContext context)
    {
        RequireToken(context);
        ListLinksReply reply = new();
        reply.Links.AddRange(Links);
        return Task.FromResult(reply);
    }

    public override Task<ListHostsReply> ListHosts(ListHostsRequest request, ServerCallContext context)
    {
        RequireToken(context);
        ListHostsReply reply = new();
        reply.Hosts.AddRange(Hosts.Where(host => request.Dpid == 0 || host.Dpid == request.Dpid));
        if (reply.Hosts.Count == 0)
            RequireConnected(request.Dpid);
        return Task.FromResult(reply);
    }

    public override Task<ListRulesReply> ListRules(ListRulesRequest request, ServerCallContext context)
    {
        RequireToken(context);
        RequireConnected(request.Dpid);
        LastDiff = request.Diff;
        ListRulesReply reply = new();
        reply.Rules.AddRange(Rules.Where(rule => request.Dpid == 0 || rule.Dpid == request.Dpid));
        return Task.FromResult(reply);
    }

    public override Task<CleanReply> Clean(CleanRequest request, ServerCallContext context)
    {
        RequireToken(context);
        Cleaned = request;
        int removed = Rules.RemoveAll(rule => request.All || rule.Dpid == request.Dpid);
        return Task.FromResult(new CleanReply { Removed = (uint)removed, LeftAlone = 4 });
    }

    public override Task<TraceReply> Trace(TraceRequest request, ServerCallContext context)
    {
        RequireToken(context);
        Traced = request;
        if (!request.Packet.StartsWith("udp", StringComparison.Ordinal))
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"'{request.Packet}' is no field; write udp"));
        return Task.FromResult(TraceReply);
    }

    public override Task<CheckReply> Check(CheckRequest request, ServerCallContext context)
    {
        RequireToken(context);
        Checked = request;
        return Task.FromResult(CheckReply);
    }

    public override Task<SubmitReply> Drain(DrainRequest request, ServerCallContext context)
    {
        RequireToken(context);
        Drained = request;
        NodeInfo? node = Nodes.Find(n => n.Name == request.Node);
        if (node is null)
            return Task.FromResult(Refuse(new(RequestError.NoNode, "node", $"node '{request.Node}' is not configured")));
        node.State = request.Resume ? "attached" : "drained";
        return Task.FromResult(new SubmitReply { StatusClass = 2, Code = "ok", Text = $"node {node.Name} is {node.State}" });
    }

    public override async Task Watch(WatchRequest request, IServerStreamWriter<Event> responseStream, ServerCallContext context)
    {
        RequireToken(context);
        await context.WriteResponseHeadersAsync([]);
        foreach (Event happened in Events)
            await responseStream.WriteAsync(happened);
        if (!EndsWatch)
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }

    private void RequireConnected(ulong dpid)
    {
        if (dpid != 0 && Switches.All(found => found.Dpid != dpid))
            throw new RpcException(new Status(StatusCode.NotFound, $"switch {dpid:x16} is not connected; 'netserv switches' lists those that are"));
    }

    private static SubmitReply Refuse(RequestRefusal refusal) =>
        new() { StatusClass = (uint)refusal.StatusClass, Code = refusal.CodeWord, Field = refusal.Field, Text = refusal.Text };

    private RequestRefusal? Judge(NetServRequest asked, bool dryRun)
    {
        if (!PublicKeys.TryGetValue(asked.User, out string? key))
            return new(RequestError.UnknownUser, "user", $"'{asked.User}' is not known.");
        if (!RequestVerifier.Verify(asked, key))
            return new(RequestError.BadSignature, "signature", "The signature is wrong.");
        if (_nonces.Contains(asked.Nonce) || (!dryRun && !_nonces.Add(asked.Nonce)))
            return new(RequestError.Replayed, "nonce", "The nonce was used before; sign again.");
        if (asked.Command == RequestCommand.Remove && !Modules.Exists(module => module.ModuleId == asked.Module.ToString()))
            return new(RequestError.ModuleNotInstalled, "", $"'{asked.Module}' is not installed.");
        return null;
    }

    private void Carry(NetServRequest asked, SubmitReply reply)
    {
        if (asked.Command == RequestCommand.Setup)
        {
            Modules.Add(new ModuleInfo { OwnerId = 1, User = asked.User, ModuleId = reply.ModuleId, State = "active", TtlLeftS = (uint)asked.TtlSeconds, Filter = asked.Filter?.ToString() ?? "" });
            reply.Nodes.AddRange(["node1", "node2"]);
        }
        else
        {
            Modules.RemoveAll(module => module.ModuleId == reply.ModuleId);
        }
    }

    private void RequireToken(ServerCallContext context)
    {
        if (Failure is not null)
            throw Failure;
        if (Token is not null && context.RequestHeaders.GetValue("authorization") != "Bearer " + Token)
            throw new RpcException(new Status(StatusCode.Unauthenticated, "no token"));
    }
}

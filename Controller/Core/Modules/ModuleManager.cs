using System.Collections.Immutable;
using NetServ.Controller.Core.Admission;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Store;
using NetServ.Controller.Core.Switches;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Modules;

/// <summary>
/// Lives of modules. SETUP: ready on a node first, then the filter in force. REMOVE, end of time: filter out of force, barrier, hold, nodes
/// drain and stop, return rules last.
/// </summary>
public sealed class ModuleManager
{
    private readonly CoreContext _context;
    private readonly CoreOptions _options;
    private readonly AdmissionControl _admission;
    private readonly NodePool _nodes;
    private readonly SwitchRegistry _switches;
    private readonly ModuleTable _modules = new();
    private readonly List<(CoreInput.Submitted Input, NetServRequest Request)> _later = [];

    /// <summary>No modules.</summary>
    public ModuleManager(CoreContext context, CoreOptions options, AdmissionControl admission, NodePool nodes, SwitchRegistry switches)
    {
        _context = context;
        _options = options;
        _admission = admission;
        _nodes = nodes;
        _switches = switches;
    }

    /// <summary>All of them by owner id.</summary>
    public IReadOnlyCollection<InstalledModule> All => _modules.All;

    /// <summary>Takes the owners whose filters may be other ones than when this was last called, in order.</summary>
    internal IEnumerable<uint> TakeChanged() => _modules.TakeChanged();

    /// <summary>The filter of an owner, null if it is not in force.</summary>
    internal FilterEntry? FilterOf(uint ownerId) => _modules.Find(ownerId) is { IsInForce: true } module ? EntryOf(module) : null;

    /// <summary>Those out of force whose modules run on.</summary>
    internal IEnumerable<FilterEntry> EndingFilters() => _modules.Underway.Where(m => m.IsEnding && m.Request.Filter is not null).Select(EntryOf);

    /// <summary>Whether any module runs, or is about to start or stop, on a node.</summary>
    internal bool IsInUse(uint nodeId) => _modules.IsInUse(nodeId);

    /// <summary>Takes the modules of an earlier life: in force at once, on the nodes where they ran. What may no longer run is dropped.</summary>
    internal void Restore(IEnumerable<StoreRecord> records, DateTimeOffset wall)
    {
        foreach (StoreRecord kept in records.Where(r => Records.IsModule(r.Key)))
        {
            string? fault = "its record cannot be read";
            if (Records.TryRead(kept.Value, out ModuleRecord? record)
                && NetServRequest.TryParse(System.Text.Encoding.UTF8.GetBytes(record.Request), out NetServRequest? request, out _)
                && (fault = _admission.FaultOfKept(request)) is null)
            {
                Restore(record, request, wall);
                continue;
            }
            _context.Keep(kept.Key, null);
            _context.Report("alarm", $"a module in the store is not taken up again: {fault}", ("key", kept.Key));
        }
    }

    internal void Submit(CoreInput.Submitted input)
    {
        if (!NetServRequest.TryParse(input.Request.AsSpan(), out NetServRequest? request, out RequestRefusal? refusal))
        {
            Reply(input.Ticket, RequestOutcome.Refused(refusal));
            return;
        }
        RequestRefusal? fault = request.Command == RequestCommand.Setup ? FaultOfPlace() ?? FaultOfVersion(request) : null;
        refusal = _admission.Check(request, input.Wall, remember: !input.DryRun && fault is null) ?? fault;
        if (refusal is not null)
        {
            _context.Report("refused", $"{request.RequestLine} of {request.User}: {refusal}", ("user", request.User), ("module", request.Module), ("code", refusal.CodeWord));
            Reply(input.Ticket, RequestOutcome.Refused(refusal, request.Module.ToString()));
        }
        else if (request.Command == RequestCommand.Remove)
        {
            Remove(input, request);
        }
        else
        {
            Setup(input, request);
        }
    }

    internal void TakeReport(PooledNode node, ModuleReport report)
    {
        if (_modules.Find(report.OwnerId) is not { } module)
        {
            // From an earlier life of this controller, or one whose end we gave up waiting for.
            if (report.Status is ModuleStatus.Active or ModuleStatus.Installing)
                _nodes.Tell(node, new NodeCommand.Remove(report.OwnerId, 0));
            return;
        }
        ModuleStatus before = module.StatusOn(node.Id);
        _modules.SetReport(module, node.Id, report);
        // It was away when it was told, or did not hear it.
        if (module.Phase == ModulePhase.Draining && before == ModuleStatus.Unknown && report.Status == ModuleStatus.Active)
            _nodes.Tell(node, new NodeCommand.Remove(module.OwnerId, _options.Drain));
        if (before != report.Status)
            NoteChange(node, module, report);
    }

    internal void NodeAttached(PooledNode node)
    {
        foreach (InstalledModule module in _modules.All.Where(m => !m.IsEnding && m.StatusOn(node.Id) != ModuleStatus.Active))
            InstallOn(node, module);
    }

    internal void NodeLost(PooledNode node)
    {
        foreach (InstalledModule module in _modules.All)
        {
            if (module.Nodes.ContainsKey(node.Id))
                _modules.SetReport(module, node.Id, null);
        }
    }

    internal void BarrierPassed(long token)
    {
        foreach (InstalledModule module in _modules.Awaiting(token))
        {
            if (module.Phase == ModulePhase.Arming)
                module.Deadline = _context.Now + _options.Grace;
            else if (module.Phase == ModulePhase.Unsteering)
                Hold(module);
        }
    }

    /// <summary>Goes on with what time or the nodes' reports allow.</summary>
    internal void Advance()
    {
        foreach (InstalledModule module in _modules.Moving(_context.Now))
        {
            if (!module.IsEnding && module.Phase != ModulePhase.Installing && module.ExpiresAt <= _context.Now)
                Expire(module);
            else if (module.Phase == ModulePhase.Installing)
                AdvanceInstalling(module);
            else if (module.Phase == ModulePhase.Arming && module.Deadline <= _context.Now)
                Activate(module);
            else if (module.Phase == ModulePhase.Holding && module.Deadline <= _context.Now)
                Drain(module);
            else if (module.Phase == ModulePhase.Draining && IsDrained(module))
                Forget(module);
        }
    }

    private void Restore(ModuleRecord record, NetServRequest request, DateTimeOffset wall)
    {
        InstalledModule module = new(record.OwnerId, request)
        {
            Phase = ModulePhase.Active,
            ExpiresAt = _context.Now + (long)(record.ExpiresAt - wall).TotalMilliseconds,
            ExpiresOn = record.ExpiresAt,
        };
        foreach (PooledNode node in _nodes.Attached.Where(n => record.Nodes.Contains(n.Name)))
            _modules.SetReport(module, node.Id, new ModuleReport(module.OwnerId, ModuleStatus.Active, "", "", [], record.Stateless));
        _modules.Add(module);
        _context.Changed = true;
        _context.Report("restored", $"{request.Module} of {request.User} is in force again, for {Math.Max(0, module.ExpiresAt - _context.Now) / 1000} s more",
            ("owner", module.OwnerId), ("user", request.User), ("module", request.Module));
    }

    private RequestRefusal? FaultOfPlace()
    {
        if (_switches.All.Count == 0)
            return new RequestRefusal(RequestError.NoSwitch, "", "no switch is connected; set one's controller to this one: ovs-vsctl set-controller BRIDGE tcp:HOST:PORT");
        return _nodes.Attached.Any()
            ? null
            : new RequestRefusal(RequestError.NoNode, "", "no processing node is attached to a switch port; start one with 'netserv node' and look at 'netserv nodes'");
    }

    // Going back is a decision of its own, so that a SETUP that was repeated late undoes no upgrade.
    private RequestRefusal? FaultOfVersion(NetServRequest request)
    {
        InstalledModule? newer = Present(request).FirstOrDefault(m => ModuleVersion.Compare(request.Module.Version!, m.Request.Module.Version!) < 0);
        return newer is null
            ? null
            : new RequestRefusal(
                RequestError.OlderVersion,
                "module",
                $"'{request.User}' has {newer.Request.Module} here, which is newer than {request.Module}; to go back, first 'netserv remove --module {newer.Request.Module}'");
    }

    // A user's modules, of any version, that a SETUP's takes the place of.
    private IEnumerable<InstalledModule> Present(NetServRequest request) => _modules.Named(request.User, request.Module.Name).Where(m => !m.IsEnding);

    private void Setup(CoreInput.Submitted input, NetServRequest request)
    {
        InstalledModule? same = _modules.Named(request.User, request.Module.Name).FirstOrDefault(m => IsSame(m.Request, request));
        if (input.DryRun)
        {
            string text = same is { IsEnding: false } ? "would refresh the time to live of the module that runs"
                : Present(request).FirstOrDefault() is { } old ? $"would take the place of {old.Request.Module}"
                : "would be installed";
            Reply(input.Ticket, new RequestOutcome(null, $"{request.Module} {text}; nothing was changed", request.Module.ToString(), same?.OwnerId ?? 0, [.. _nodes.Attached.Select(n => n.Name)]));
            return;
        }
        if (same is null)
            Install(input, request);
        else if (same.IsEnding)
            _later.Add((input, request));
        else
            Refresh(same, input, request);
    }

    // Where it failed before it is tried again; where it runs nowhere, this is an installation like the first.
    private void Refresh(InstalledModule module, CoreInput.Submitted input, NetServRequest request)
    {
        SetTime(module, input.Wall, request);
        if (module.Phase is ModulePhase.Arming or ModulePhase.Active)
            Keep(module);
        foreach (PooledNode node in _nodes.Reachable().Where(n => module.StatusOn(n.Id) == ModuleStatus.Failed).ToArray())
            InstallOn(node, module);
        bool runs = module.Nodes.Values.Any(r => r.Status == ModuleStatus.Active);
        if (module.Phase == ModulePhase.Active && runs)
        {
            ReplyDone(input.Ticket, module, $"{module.Request.Module} runs already; its time to live is {request.TtlSeconds} s again");
            return;
        }
        module.SetupTickets.Add(input.Ticket);
        if (runs)
            return;
        module.Deadline = DeadlineOf(input);
        _modules.Enter(module, ModulePhase.Installing);
    }

    private long DeadlineOf(CoreInput.Submitted input) => _context.Now + (input.WaitMs > 0 ? input.WaitMs : _options.SetupWait);

    private void SetTime(InstalledModule module, DateTimeOffset wall, NetServRequest request)
    {
        _modules.SetEnd(module, _context.Now + request.TtlSeconds * 1000L);
        module.ExpiresOn = wall.AddSeconds(request.TtlSeconds);
    }

    private void Keep(InstalledModule module) => _context.Keep(
        Records.ModuleKey(_options.Domain, module.OwnerId),
        module.IsEnding ? null : Records.Write(new ModuleRecord(module.Request.ToText(), module.OwnerId, module.ExpiresOn, [.. NamesOf(module)], IsStateless(module))));

    private void Install(CoreInput.Submitted input, NetServRequest request)
    {
        // One that is not ready yet has nothing to hand over: of three nobody could say which of two takes a packet.
        foreach (InstalledModule overtaken in Present(request).Where(m => m.Phase == ModulePhase.Installing).ToArray())
            Refuse(overtaken, new RequestRefusal(RequestError.Overtaken, "module", $"a SETUP of {request.Module} came before {overtaken.Request.Module} was ready and took its place"));
        InstalledModule module = new(OwnerIds.Choose(request, id => _modules.Find(id) is not null), request)
        {
            Deadline = DeadlineOf(input),
            // Also one on its way out: its node still has it.
            Replaces = _modules.Named(request.User, request.Module.Name).MinBy(m => m.Phase)?.OwnerId ?? 0,
        };
        _modules.Add(module);
        SetTime(module, input.Wall, request);
        module.SetupTickets.Add(input.Ticket);
        _context.Report("setup-accepted", $"SETUP of {request.User}: {request.Module} on {request.Filter?.ToString() ?? "no packets"} for {request.TtlSeconds} s",
            ("owner", module.OwnerId), ("user", request.User), ("module", request.Module));
        foreach (PooledNode node in _nodes.Reachable())
            InstallOn(node, module);
    }

    private void InstallOn(PooledNode node, InstalledModule module)
    {
        _modules.SetReport(module, node.Id, new ModuleReport(module.OwnerId, ModuleStatus.Installing, "", "", []));
        _context.Changed = true;
        _nodes.Tell(node, new NodeCommand.Install(module.OwnerId, module.Request, module.Replaces));
    }

    private void NoteChange(PooledNode node, InstalledModule module, ModuleReport report)
    {
        _context.Changed = true;
        if (module.Phase is ModulePhase.Arming or ModulePhase.Active)
            Keep(module);
        if (report.Status == ModuleStatus.Active)
            _context.Report("module-active", $"{module.Request.Module} is active on node {node.Name}", ("owner", module.OwnerId), ("node", node.Name));
        else if (report.Status == ModuleStatus.Failed)
            _context.Report("module-failed", $"{module.Request.Module} failed on node {node.Name}: {report.Code}: {report.Text}", ("owner", module.OwnerId), ("node", node.Name), ("code", report.Code));
    }

    private void AdvanceInstalling(InstalledModule module)
    {
        bool runs = module.Nodes.Values.Any(r => r.Status == ModuleStatus.Active);
        // One whose stream broke meanwhile can say nothing: it is waited for only where there is no other.
        bool waiting = module.Nodes.Any(n => n.Value.Status == ModuleStatus.Installing && (!runs || _nodes.Find(n.Key) is { StreamId: not 0 }));
        if (waiting && module.Deadline > _context.Now)
            return;
        if (runs)
            Arm(module);
        else
            GiveUp(module);
    }

    private void Arm(InstalledModule module)
    {
        _modules.Enter(module, ModulePhase.Arming);
        module.Deadline = long.MaxValue;
        module.Token = _context.PublishWithBarrier();
        Keep(module);
        // What it replaces goes out of force with the same snapshot.
        foreach (InstalledModule old in Present(module.Request).Where(m => m != module).ToArray())
            Unsteer(old);
    }

    private void Activate(InstalledModule module)
    {
        _modules.Enter(module, ModulePhase.Active);
        _context.Report("filter-active", $"{module.Request.Filter?.ToString() ?? "no filter"}: {module.Request.Module} is in force on {string.Join(", ", NamesOf(module))}", ("owner", module.OwnerId));
        foreach (long ticket in module.SetupTickets)
            ReplyDone(ticket, module, $"{module.Request.Module} is active on {string.Join(", ", NamesOf(module))}");
        module.SetupTickets.Clear();
    }

    private void GiveUp(InstalledModule module)
    {
        ModuleReport? failed = module.Nodes.Values.FirstOrDefault(r => r.Status == ModuleStatus.Failed);
        RequestRefusal refusal = failed is not null
            ? new RequestRefusal(RequestErrors.TryParse(failed.Code, out RequestError code) ? code : RequestError.ModuleStartFailed, FieldOf(failed.Code), failed.Text)
            : new RequestRefusal(RequestError.ModuleStartFailed, HeaderNames.Url, "no node reported the module ready in time; look at 'netserv modules' and at the nodes' logs, then send the SETUP again");
        Refuse(module, refusal);
    }

    private void Refuse(InstalledModule module, RequestRefusal refusal)
    {
        foreach (long ticket in module.SetupTickets)
            Reply(ticket, RequestOutcome.Refused(refusal, module.Request.Module.ToString()));
        module.SetupTickets.Clear();
        _context.Report("setup-failed", $"{module.Request.Module}: {refusal}", ("owner", module.OwnerId), ("code", refusal.CodeWord));
        Drain(module);
        Keep(module);
    }

    private static string FieldOf(string codeWord) => RequestErrors.TryParse(codeWord, out RequestError code) ? code switch
    {
        RequestError.UnreachableUrl or RequestError.NotABundle or RequestError.BundleTooLarge => HeaderNames.Url,
        RequestError.WrongChecksum => HeaderNames.Checksum,
        RequestError.MissingDependency => HeaderNames.Dependencies,
        _ => "",
    } : "";

    private void Remove(CoreInput.Submitted input, NetServRequest request)
    {
        InstalledModule[] found = [.. _modules.Named(request.User, request.Module.Name).Where(m => !m.IsEnding && request.Module.Covers(m.Request.Module))];
        if (found.Length == 0)
        {
            Reply(input.Ticket, RequestOutcome.Refused(new RequestRefusal(RequestError.ModuleNotInstalled, "", $"'{request.User}' has no module {request.Module} here; 'netserv modules' lists what runs"), request.Module.ToString()));
            return;
        }
        if (input.DryRun)
        {
            Reply(input.Ticket, new RequestOutcome(null, $"{request.Module} would be removed; nothing was changed", request.Module.ToString(), found[0].OwnerId, []));
            return;
        }
        foreach (InstalledModule module in found)
        {
            _context.Report("remove-accepted", $"REMOVE of {request.User}: {module.Request.Module}", ("owner", module.OwnerId), ("user", request.User));
            Unsteer(module);
        }
        found[^1].RemoveTickets.Add(input.Ticket);
    }

    private void Expire(InstalledModule module)
    {
        _context.Report("expired", $"the time of {module.Request.Module} is up", ("owner", module.OwnerId));
        Unsteer(module);
    }

    private void Unsteer(InstalledModule module)
    {
        foreach (long ticket in module.SetupTickets)
            Reply(ticket, RequestOutcome.Refused(new RequestRefusal(RequestError.Internal, "", "the module was removed before it was ready"), module.Request.Module.ToString()));
        module.SetupTickets.Clear();
        _modules.Enter(module, ModulePhase.Unsteering);
        Keep(module);
        module.Token = _context.PublishWithBarrier();
    }

    private void Hold(InstalledModule module)
    {
        _modules.Enter(module, ModulePhase.Holding);
        module.Deadline = _context.Now + _options.Hold;
        foreach (long ticket in module.RemoveTickets)
            ReplyDone(ticket, module, $"{module.Request.Module} is removed; its flows go the direct way");
        module.RemoveTickets.Clear();
    }

    private void Drain(InstalledModule module)
    {
        _modules.Enter(module, ModulePhase.Draining);
        module.Deadline = _context.Now + _options.Drain + _options.StopWait;
        foreach (uint nodeId in module.Nodes.Keys.ToArray())
        {
            if (_nodes.Find(nodeId) is { StreamId: not 0 } node)
                _nodes.Tell(node, new NodeCommand.Remove(module.OwnerId, _options.Drain));
            else
                _modules.SetReport(module, nodeId, null);
        }
    }

    private bool IsDrained(InstalledModule module) =>
        module.Deadline <= _context.Now || module.Nodes.Values.All(r => r.Status is ModuleStatus.Removed or ModuleStatus.Failed);

    private void Forget(InstalledModule module)
    {
        _modules.Remove(module);
        _context.Changed = true;
        _context.Report("removed", $"{module.Request.Module} of {module.Request.User} (owner {module.OwnerId:x8}) is gone from all nodes", ("owner", module.OwnerId));
        foreach ((CoreInput.Submitted input, NetServRequest request) in _later.Where(l => IsSame(l.Request, module.Request)).ToArray())
        {
            _later.Remove((input, request));
            if (FaultOfVersion(request) is { } fault)
                Reply(input.Ticket, RequestOutcome.Refused(fault, request.Module.ToString()));
            else
                Setup(input, request);
        }
    }

    private static bool IsSame(NetServRequest a, NetServRequest b) =>
        a.User == b.User
        && a.Module == b.Module
        && a.Url?.OriginalString == b.Url?.OriginalString
        && a.BundleChecksum.GetValueOrDefault().Span.SequenceEqual(b.BundleChecksum.GetValueOrDefault().Span)
        && a.Filter == b.Filter
        && a.Terms == b.Terms
        && a.Properties.Count == b.Properties.Count
        && a.Properties.All(p => b.Properties.TryGetValue(p.Key, out string? value) && value == p.Value)
        && a.Dependencies.SequenceEqual(b.Dependencies);

    private static ImmutableArray<uint> ActiveNodes(InstalledModule module) =>
        [.. module.Nodes.Where(n => n.Value.Status == ModuleStatus.Active).Select(n => n.Key).Order()];

    private static FilterEntry EntryOf(InstalledModule module) =>
        new(module.OwnerId, module.Request.Filter!, module.Request.Terms, ActiveNodes(module), IsStateless(module));

    private static bool IsStateless(InstalledModule module) =>
        module.Nodes.Values.Any(r => r.Stateless) && module.Nodes.Values.All(r => r.Stateless || r.Status != ModuleStatus.Active);

    private ImmutableArray<string> NamesOf(InstalledModule module) => [.. ActiveNodes(module).Select(id => _nodes.Find(id)?.Name ?? "")];

    private void ReplyDone(long ticket, InstalledModule module, string text) =>
        Reply(ticket, new RequestOutcome(null, text, module.Request.Module.ToString(), module.OwnerId, NamesOf(module)));

    private void Reply(long ticket, RequestOutcome outcome) => _context.Do(new CoreEffect.Reply(ticket, outcome));
}

using NetServ.Controller.Core;
using NetServ.Controller.Core.Modules;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Switches;
using NetServ.Controller.Decisions;
using NetServ.Coordination;
using NetServ.Signaling;

namespace NetServ.Controller.Grpc;

/// <summary>State as the messages of operator.proto.</summary>
internal static class Listings
{
    // In force, and no node is there that runs it.
    private const string Unserved = "unserved";

    public static SubmitReply ReplyOf(RequestOutcome outcome)
    {
        SubmitReply reply = new()
        {
            StatusClass = (uint)(outcome.Refusal?.StatusClass ?? RequestErrors.Success),
            Code = outcome.Refusal?.CodeWord ?? "ok",
            Field = outcome.Refusal?.Field ?? "",
            Text = outcome.Text.Length > 0 ? outcome.Text : outcome.Refusal?.Text ?? "",
            ModuleId = outcome.ModuleId,
            OwnerId = outcome.OwnerId,
        };
        reply.Nodes.AddRange(outcome.Nodes);
        return reply;
    }

    /// <summary>"alice's NetServ.Modules.Mark_1.0.0" by owner id.</summary>
    public static IReadOnlyDictionary<uint, string> NamesOfOwners(ControllerCore core) =>
        core.Modules.All.ToDictionary(m => m.OwnerId, m => $"{m.Request.User}'s {m.Request.Module}");

    public static ListModulesReply Modules(ControllerCore core, IReadOnlyDictionary<uint, SourceDivision> divisions, long now)
    {
        ListModulesReply reply = new();
        foreach (InstalledModule module in core.Modules.All)
        {
            SourceDivision division = divisions.GetValueOrDefault(module.OwnerId);
            ModuleInfo info = new()
            {
                OwnerId = module.OwnerId,
                User = module.Request.User,
                ModuleId = module.Request.Module.ToString(),
                Filter = module.Request.Filter?.ToString() ?? "",
                State = module.Phase.ToString().ToLowerInvariant(),
                TtlLeftS = (uint)Math.Max(0, (module.ExpiresAt - now + 999) / 1000),
                Order = module.Request.Terms.Order,
                Direction = module.Request.Filter?.Direction.ToString().ToLowerInvariant() ?? "",
                FailureMode = module.Request.Terms.FailureMode.ToString().ToLowerInvariant(),
                Fragments = module.Request.Terms.Fragments.ToString().ToLowerInvariant(),
                Steering = module.Request.Terms.Mode.ToString().ToLowerInvariant(),
                Stateless = core.Snapshot.Filters.Find(module.OwnerId)?.IsStateless ?? false,
                Parts = (uint)division.Parts,
                ShareError = division.Error,
            };
            foreach ((uint nodeId, NetServ.Controller.Core.Nodes.ModuleReport report) in module.Nodes)
            {
                // What a node that is gone has said is kept: it goes on where it was when its stream comes back.
                if (report.Status == ModuleStatus.Active && core.Nodes.Find(nodeId) is { PassesPackets: true } node)
                    info.Nodes.Add(node.Name);
                foreach ((string name, ulong value) in report.Counters)
                    info.Counters[name] = (info.Counters.TryGetValue(name, out ulong sum) ? sum : 0) + value;
            }
            if (module.Phase == ModulePhase.Active && info.Nodes.Count == 0)
                info.State = Unserved;
            reply.Modules.Add(info);
        }
        return reply;
    }

    public static ListSwitchesReply Switches(ControllerCore core, IReadOnlyDictionary<(ulong, ushort), string> roles, IReadOnlySet<ulong> cleaned)
    {
        ListSwitchesReply reply = new();
        foreach (ConnectedSwitch found in core.Switches.All.OrderBy(s => s.Dpid))
        {
            SwitchInfo info = new() { Dpid = found.Dpid, Address = found.Peer, Buffers = found.Buffers, Cleaned = cleaned.Contains(found.Dpid) };
            foreach (SwitchPort port in found.Ports)
            {
                PooledNode? node = core.Nodes.All.FirstOrDefault(n => n.Place == (found.Dpid, port.Number));
                string role = node is null ? roles.GetValueOrDefault((found.Dpid, port.Number), "down") : $"node {node.Name}";
                info.Ports.Add(new PortInfo { Number = port.Number, Name = port.Name, Up = port.Up, Role = role });
            }
            reply.Switches.Add(info);
        }
        return reply;
    }

    public static Event EventOf(TimedReport timed)
    {
        Event message = new()
        {
            UnixNs = (timed.At - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick,
            Kind = timed.Report.Kind,
            Text = timed.Report.Text,
        };
        foreach ((string name, string value) in timed.Report.Fields)
            message.Fields[name] = value;
        return message;
    }
}

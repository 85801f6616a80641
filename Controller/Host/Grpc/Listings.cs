using NetServ.Controller.Core;
using NetServ.Controller.Core.Modules;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Switches;
using NetServ.Controller.Decisions;
using NetServ.Controller.OpenFlow;
using NetServ.Coordination;
using NetServ.OpenFlow;

namespace NetServ.Controller.Grpc;

/// <summary>State as the messages of operator.proto.</summary>
internal static class Listings
{
    public static Dictionary<uint, long> FlowsOfNodes(SwitchLoop loop, IEnumerable<uint> nodes) =>
        nodes.ToDictionary(id => id, id => (long)loop.Pins.Loads.Of(id));

    public static ListNodesReply Nodes(ControllerCore core, Dictionary<uint, long> flows, long now)
    {
        ListNodesReply reply = new();
        foreach (PooledNode node in core.Nodes.All.Where(n => n.Status != NodeStatus.Absent))
        {
            reply.Nodes.Add(new NodeInfo
            {
                Name = node.Name,
                State = node.Status.ToString().ToLowerInvariant(),
                Dpid = node.Place?.Dpid ?? 0,
                Port = node.Place?.Port ?? 0u,
                Capacity = node.Capacity,
                Flows = (ulong)flows.GetValueOrDefault(node.Id),
                HeardMsAgo = (uint)Math.Max(0, now - node.HeardAt),
            });
        }
        return reply;
    }

    public static ListModulesReply Modules(ControllerCore core, long now)
    {
        ListModulesReply reply = new();
        foreach (InstalledModule module in core.Modules.All)
        {
            ModuleInfo info = new()
            {
                OwnerId = module.OwnerId,
                User = module.Request.User,
                ModuleId = module.Request.Module.ToString(),
                Filter = module.Request.Filter?.ToString() ?? "",
                State = module.Phase.ToString().ToLowerInvariant(),
                TtlLeftS = (uint)Math.Max(0, (module.ExpiresAt - now + 999) / 1000),
            };
            foreach ((uint nodeId, NetServ.Controller.Core.Nodes.ModuleReport report) in module.Nodes)
            {
                if (report.Status == ModuleStatus.Active)
                    info.Nodes.Add(core.Nodes.Find(nodeId)?.Name ?? "");
                foreach ((string name, ulong value) in report.Counters)
                    info.Counters[name] = (info.Counters.TryGetValue(name, out ulong sum) ? sum : 0) + value;
            }
            reply.Modules.Add(info);
        }
        return reply;
    }

    public static ListSwitchesReply Switches(ControllerCore core, IReadOnlyDictionary<(ulong, ushort), string> roles)
    {
        ListSwitchesReply reply = new();
        foreach (ConnectedSwitch found in core.Switches.All.OrderBy(s => s.Dpid))
        {
            SwitchInfo info = new() { Dpid = found.Dpid, Address = found.Peer, Buffers = found.Buffers };
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

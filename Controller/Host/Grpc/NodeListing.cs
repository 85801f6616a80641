using NetServ.Controller.Core;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.OpenFlow;
using NetServ.Coordination;

namespace NetServ.Controller.Grpc;

/// <summary>Nodes and what they carry as the messages of operator.proto.</summary>
internal static class NodeListing
{
    /// <summary>What a node carries.</summary>
    /// <param name="Flows">Live flows.</param>
    /// <param name="Bound">Live flows up to which it takes new ones, 0 for a node of no filter.</param>
    /// <param name="Excess">Live flows above that.</param>
    internal readonly record struct Load(long Flows, long Bound, long Excess);

    /// <summary>By node id. A node that serves several filters takes new flows as long as it is below the bound of one of them: the highest counts.</summary>
    public static Dictionary<uint, Load> LoadsOf(SwitchLoop loop)
    {
        Snapshot snapshot = loop.Snapshot;
        FilterEntry[] servings = [.. snapshot.Filters.All.DistinctBy(f => string.Join(',', f.ActiveNodes))];
        Dictionary<ulong, SteeringPlan> plans = loop.Connections.Values.Where(c => c.Session.IsRunning).DistinctBy(c => c.Session.Dpid).ToDictionary(c => c.Session.Dpid, c => c.Session.State.View.Plan);
        Dictionary<uint, Load> loads = [];
        foreach (NodeEntry node in snapshot.Nodes)
        {
            SteeringPlan plan = plans.GetValueOrDefault(node.Dpid, SteeringPlan.Empty);
            long flows = loop.Pins.Loads.Of(node.NodeId);
            Load load = new(flows, 0, 0);
            foreach (SlotTable table in servings.Where(f => f.RunsOn(node.NodeId)).Select(plan.TableOf).OfType<SlotTable>())
            {
                if (Placer.Bound(table, loop.Pins.Loads, node.NodeId) is var bound && bound > load.Bound)
                    load = new Load(flows, bound, Placer.Excess(table, loop.Pins.Loads, node.NodeId));
            }
            loads[node.NodeId] = load;
        }
        return loads;
    }

    public static ListNodesReply Nodes(ControllerCore core, IReadOnlyDictionary<uint, Load> loads, long now)
    {
        ListNodesReply reply = new();
        foreach (PooledNode node in core.Nodes.All.Where(n => n.Status != NodeStatus.Absent))
        {
            Load load = loads.GetValueOrDefault(node.Id);
            reply.Nodes.Add(new NodeInfo
            {
                Name = node.Name,
                State = (node is { Status: NodeStatus.Attached, Drain: not DrainState.None } ? node.Drain.ToString() : node.Status.ToString()).ToLowerInvariant(),
                Dpid = node.Place?.Dpid ?? 0,
                Port = node.Place?.Port ?? 0u,
                Capacity = node.Capacity,
                Flows = (ulong)load.Flows,
                HeardMsAgo = Ago(node.HeardAt, now),
                Bound = (ulong)load.Bound,
                Excess = (ulong)load.Excess,
                AnswersProbes = node.AnswersProbes,
                AnsweredMsAgo = node.AnswersProbes ? Ago(node.AnsweredAt, now) : 0,
            });
        }
        return reply;
    }

    private static uint Ago(long at, long now) => (uint)Math.Clamp(now - at, 0, uint.MaxValue);
}

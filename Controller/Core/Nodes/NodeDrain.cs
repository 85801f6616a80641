using NetServ.Controller.Core.Modules;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Nodes;

/// <summary>How far a node is on its way out.</summary>
public enum DrainState
{
    /// <summary>It takes flows.</summary>
    None = 0,

    /// <summary>It takes no new flows; those that it has may end.</summary>
    Draining,

    /// <summary>Its flows move.</summary>
    Moving,

    /// <summary>Nothing goes there any more.</summary>
    Drained,
}

/// <summary>Takes nodes out of service and back: no new flows, then none at all, with nothing lost.</summary>
public sealed class NodeDrain(CoreContext context, CoreOptions options, NodePool nodes)
{
    // A count is of flows placed under an older snapshot unless it is so much younger than the one that stopped them.
    private const int CountedAfter = 200;

    internal void Take(CoreInput.DrainAsked asked)
    {
        PooledNode? node = nodes.Find(asked.Node);
        if (node is null || node.Status != NodeStatus.Attached)
        {
            string why = node is null ? "is not configured" : $"is {node.Status.ToString().ToLowerInvariant()}, so no flow goes there";
            Reply(asked.Ticket, new RequestOutcome(new RequestRefusal(RequestError.NoNode, "node", $"node '{asked.Node}' {why}; 'netserv nodes' lists them"), "", "", 0, []));
        }
        else if (asked.Resume)
        {
            Resume(node, asked.Ticket);
        }
        else if (node.Drain == DrainState.Drained)
        {
            Reply(asked.Ticket, Done(node));
        }
        else
        {
            node.DrainTickets.Add(asked.Ticket);
            node.DrainEnds = context.Now + asked.WithinMs;
            if (node.Drain == DrainState.None)
                Begin(node);
        }
    }

    internal void Tick()
    {
        foreach (PooledNode node in nodes.All.Where(n => n.Drain != DrainState.None))
        {
            bool isEmpty = node.Flows == 0 && node.FlowsAt >= node.DrainAskedAt + CountedAfter;
            if (node.Status != NodeStatus.Attached)
                Finish(node, DrainState.None);
            else if (node.Drain == DrainState.Draining && (isEmpty || node.DrainEnds <= context.Now))
                Move(node);
            else if (node.Drain == DrainState.Moving && node.MovedAt <= context.Now)
                Finish(node, DrainState.Drained);
        }
    }

    internal void BarrierPassed(long token)
    {
        foreach (PooledNode node in nodes.All.Where(n => n.Drain == DrainState.Moving && n.DrainToken == token))
            node.MovedAt = context.Now + options.Hold;
    }

    private void Begin(PooledNode node)
    {
        (node.Drain, node.DrainAskedAt) = (DrainState.Draining, context.Now);
        context.Changed = true;
        context.Report("node-draining", $"node {node.Name} takes no new flows; it has {node.Flows}", ("node", node.Name), ("flows", node.Flows));
    }

    private void Move(PooledNode node)
    {
        (node.Drain, node.MovedAt, node.MovedFlows) = (DrainState.Moving, long.MaxValue, node.Flows);
        node.DrainToken = context.PublishWithBarrier();
    }

    private void Resume(PooledNode node, long ticket)
    {
        bool was = node.Drain != DrainState.None;
        Finish(node, DrainState.None);
        context.Changed |= was;
        Reply(ticket, new RequestOutcome(null, was ? $"node {node.Name} takes flows again" : $"node {node.Name} was not drained", "", 0, [node.Name]));
    }

    private void Finish(PooledNode node, DrainState state)
    {
        node.Drain = state;
        if (state == DrainState.Drained)
            context.Report("node-drained", $"node {node.Name} is drained; {node.MovedFlows} flows were moved", ("node", node.Name), ("moved", node.MovedFlows));
        foreach (long ticket in node.DrainTickets)
            Reply(ticket, state == DrainState.Drained ? Done(node) : new RequestOutcome(new RequestRefusal(RequestError.NoNode, "node", $"node {node.Name} went away, or was put back to work, before it was drained"), "", "", 0, []));
        node.DrainTickets.Clear();
    }

    private static RequestOutcome Done(PooledNode node) =>
        new(null, $"node {node.Name} is drained: nothing goes there any more, {node.MovedFlows} flows were moved; stop it, or 'netserv node resume {node.Name}'", "", 0, [node.Name]);

    private void Reply(long ticket, RequestOutcome outcome) => context.Do(new CoreEffect.Reply(ticket, outcome));
}

using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>
/// Where a frame goes from this switch, and which VLAN id it carries on the way: a tag where it leaves for another switch, its own where it arrives. Asked for
/// every packet that comes up: no allocation.
/// </summary>
public sealed class Hops(SwitchState state)
{
    /// <summary>Towards a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="vlan">The VLAN id that the frame has of itself.</param>
    /// <param name="isTagged">Whether it carries the node's tag already.</param>
    /// <param name="action">What to do.</param>
    /// <param name="from">By which port it came in, where that matters.</param>
    /// <returns>False if no way is known, or no tag.</returns>
    public bool TryToNode(NodeEntry node, ushort vlan, bool isTagged, out RuleAction action, ushort from = PortNo.None)
    {
        action = RuleAction.Drop;
        if (node.Dpid == state.Dpid)
        {
            action = new RuleAction(node.Port, isTagged ? vlan : RuleAction.AsItIs);
            return state.Ports.IsUp(node.Port);
        }
        ushort tag = state.View.Tags.To(node.NodeId, vlan);
        if (tag == 0 || !state.Places.TryRoute(new MacAddress(tag), default, node.Dpid, out ushort port, from))
            return false;
        action = new RuleAction(port, isTagged ? RuleAction.AsItIs : tag);
        return true;
    }

    /// <summary>Towards a destination, for a frame that no filter is to look at any more.</summary>
    /// <param name="destination">Whom it is for.</param>
    /// <param name="vlan">The VLAN id that it has of itself.</param>
    /// <param name="isTagged">Whether it carries the tag that says so.</param>
    /// <param name="action">What to do.</param>
    /// <param name="from">By which port it came in, where that matters.</param>
    /// <returns>False if no way is known.</returns>
    public bool TryToHost(MacAddress destination, ushort vlan, bool isTagged, out RuleAction action, ushort from = PortNo.None)
    {
        action = RuleAction.Drop;
        if (!state.Places.TryFind(default, destination, vlan, out ushort port, out bool isHere, from))
            return false;
        if (isHere)
        {
            action = new RuleAction(port, isTagged ? vlan : RuleAction.AsItIs);
            return true;
        }
        // Without a tag it goes on as it came: filters are asked where frames enter, so the next switch lets it pass, at the price of a rule of its own.
        ushort tag = state.View.Tags.Done(vlan);
        action = new RuleAction(port, isTagged || tag == 0 ? RuleAction.AsItIs : tag);
        return true;
    }
}

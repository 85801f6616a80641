using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>What becomes of a packet that comes up.</summary>
public enum ForeseenKind
{
    /// <summary>It goes no further.</summary>
    Dropped = 0,

    /// <summary>It is for the controller itself, which answers it where it calls for an answer.</summary>
    Taken,

    /// <summary>To a node.</summary>
    Steered,

    /// <summary>To its destination, past the filters.</summary>
    Direct,

    /// <summary>To its destination, as no filter wants it.</summary>
    Forwarded,

    /// <summary>Everywhere, as nobody knows where its destination is.</summary>
    Flooded,

    /// <summary>It waits until its way is known.</summary>
    Held,
}

/// <summary>What would become of a packet that comes up now.</summary>
/// <param name="Kind">What.</param>
/// <param name="Action">What is done with it, and with those after it.</param>
/// <param name="OwnerId">The filter that has it so, 0 for none.</param>
/// <param name="NodeId">The node that it is sent to, 0 for none.</param>
/// <param name="IsNew">Whether its flow would get a new place.</param>
public readonly record struct Foreseen(ForeseenKind Kind, RuleAction Action, uint OwnerId = 0, uint NodeId = 0, bool IsNew = false);

/// <summary>Tells what <see cref="PacketHandler"/> would do with a packet, and does nothing: asks the same questions in the same order.</summary>
public static class Foresight
{
    private static Foreseen Dropped => new(ForeseenKind.Dropped, RuleAction.Drop);

    private static Foreseen Flooded => new(ForeseenKind.Flooded, RuleAction.Drop);

    private static Foreseen Held => new(ForeseenKind.Held, RuleAction.Drop);

    private static Foreseen Taken => new(ForeseenKind.Taken, RuleAction.Drop);

    /// <summary>What would become of a packet.</summary>
    /// <param name="state">The switch where it comes up.</param>
    /// <param name="key">The packet with the port that it came in by.</param>
    /// <param name="now">Milliseconds.</param>
    public static Foreseen Of(SwitchState state, in FlowKey key, long now)
    {
        if (key.DlType is AttachmentFrame.EtherType or EtherTypes.Lldp)
            return Taken;
        if (PacketHandler.IsReserved(key.DlDst))
            return Dropped;
        if (state.View.NodeAt(key.InPort) is { } node)
            return FromNode(state, key, node, now);
        return state.Places.RoleOf(key.InPort, now) switch
        {
            PortRole.Edge => FromHost(state, key, now),
            PortRole.Link => FromLink(state, key, now),
            _ => Dropped,
        };
    }

    private static Foreseen FromHost(SwitchState state, in FlowKey key, long now)
    {
        if (state.View.Tags.IsReserved(key.DlVlan))
            return Dropped;
        if (ArpResponder.CanAnswer(state, key, now, out _))
            return Taken;
        if (PacketHandler.IsSignaling(key) || state.Rules.IsQuiet)
            return Enter(state, key, now);
        SteeringChoice choice = state.Flows.Enter(key, now, keeps: false);
        return choice.Verdict == SteeringVerdict.Forward ? Enter(state, key, now) : Of(choice);
    }

    private static Foreseen FromLink(SwitchState state, in FlowKey key, long now)
    {
        bool isDone = state.View.Tags.TryRead(key.DlVlan, out TagMeaning meaning) && meaning.IsDone;
        if ((isDone || !state.View.Tags.IsReserved(key.DlVlan)) && state.Earlier.TryFollow(new HostKey(key.DlDst, isDone ? meaning.Vlan : key.DlVlan), now, out ushort port))
            return new Foreseen(ForeseenKind.Direct, new RuleAction(port, isDone ? meaning.Vlan : RuleAction.AsItIs));
        if (isDone)
            return PassDone(state, key, meaning.Vlan, now);
        if (state.View.Tags.IsReserved(key.DlVlan))
            return PassOn(state, key, meaning);
        if (state.Places.IsFloodOfOld(key.DlDst, key.DlVlan, key.InPort, now))
            return Flooded;
        SteeringChoice choice = PacketHandler.IsSignaling(key) ? default : state.Flows.Pass(key);
        return choice.Verdict switch
        {
            SteeringVerdict.Bypass => Of(choice),
            SteeringVerdict.Forward => Forward(state, key),
            _ => Flooded,
        };
    }

    private static Foreseen PassOn(SwitchState state, in FlowKey key, TagMeaning meaning) =>
        state.View.Snapshot.Node(meaning.NodeId) is { } node && state.Hops.TryToNode(node, meaning.Vlan, isTagged: true, out RuleAction action, key.InPort) && action.Port != key.InPort
            && state.View.Plan.Find(key with { DlVlan = meaning.Vlan }) is not { IsDropped: true }
            ? new Foreseen(ForeseenKind.Steered, action, NodeId: meaning.NodeId)
            : Dropped;

    private static Foreseen PassDone(SwitchState state, in FlowKey key, ushort vlan, long now)
    {
        if (key.DlDst.IsMulticast || !state.Hops.TryToHost(key.DlDst, vlan, isTagged: true, out RuleAction action, key.InPort)
            || state.Places.IsFloodOfOld(key.DlDst, vlan, key.InPort, now))
            return Flooded;
        return action.Port == key.InPort ? Dropped : new Foreseen(ForeseenKind.Direct, action);
    }

    private static Foreseen FromNode(SwitchState state, in FlowKey key, NodeEntry node, long now)
    {
        if (state.View.Tags.IsReserved(key.DlVlan))
            return Dropped;
        SteeringChoice choice = PacketHandler.IsSignaling(key) ? default : state.Flows.Leave(node, key, now, keeps: false);
        if (choice.Verdict == SteeringVerdict.Steer)
            return Of(choice);
        if (state.Earlier.MayTellOf(new HostKey(key.DlDst, key.DlVlan), now))
            return Held;
        if (key.DlDst.IsMulticast || !state.Hops.TryToHost(key.DlDst, key.DlVlan, isTagged: false, out RuleAction action))
            return Flooded;
        return action.Port == key.InPort ? Dropped : new Foreseen(ForeseenKind.Direct, action, choice.OwnerId);
    }

    private static Foreseen Enter(SwitchState state, in FlowKey key, long now) =>
        state.Earlier.MayTellOf(new HostKey(key.DlDst, key.DlVlan), now) ? Held : Forward(state, key);

    private static Foreseen Forward(SwitchState state, in FlowKey key)
    {
        if (key.DlDst.IsMulticast || !state.Places.TryFind(key.DlSrc, key.DlDst, key.DlVlan, out ushort port, key.InPort))
            return Flooded;
        return port == key.InPort ? Dropped : new Foreseen(ForeseenKind.Forwarded, new RuleAction(port));
    }

    private static Foreseen Of(in SteeringChoice choice) => choice.Verdict switch
    {
        SteeringVerdict.Steer => new Foreseen(ForeseenKind.Steered, choice.Action, choice.OwnerId, choice.NodeId, choice.IsNew),
        SteeringVerdict.Bypass when !choice.Action.IsDrop => new Foreseen(ForeseenKind.Direct, choice.Action, choice.OwnerId),
        SteeringVerdict.Wait => new Foreseen(ForeseenKind.Held, RuleAction.Drop, choice.OwnerId, choice.NodeId),
        _ => new Foreseen(ForeseenKind.Dropped, RuleAction.Drop, choice.OwnerId),
    };
}

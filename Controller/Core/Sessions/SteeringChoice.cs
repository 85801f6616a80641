using NetServ.Controller.Core.Steering;

namespace NetServ.Controller.Core.Sessions;

/// <summary>What is to be done with a flow's packets at one port.</summary>
internal enum SteeringVerdict
{
    /// <summary>No filter wants them, or none that anything is done for: they are forwarded like all others.</summary>
    Forward = 0,

    /// <summary>On to a node.</summary>
    Steer,

    /// <summary>On to their destination, by a rule that keeps them from the filter's catch rule.</summary>
    Bypass,

    /// <summary>A fail-closed filter cannot be served.</summary>
    Drop,

    /// <summary>The way is not known yet; it will be in a moment.</summary>
    Wait,
}

/// <summary>A verdict with what it takes.</summary>
/// <param name="Verdict">What.</param>
/// <param name="OwnerId">Whose rule it is.</param>
/// <param name="Action">What the rule does.</param>
/// <param name="NodeId">The node.</param>
/// <param name="WithTos">Whether the type of service is part of the flow.</param>
/// <param name="IsNew">Whether the flow got a new place.</param>
/// <param name="IsReleased">Whether its modules have seen enough of it.</param>
/// <param name="IsUnserved">Whether a filter wants the packets and no node can serve it: they are forwarded for want of one.</param>
internal readonly record struct SteeringChoice(SteeringVerdict Verdict, uint OwnerId, RuleAction Action, uint NodeId, bool WithTos, bool IsNew, bool IsReleased = false, bool IsUnserved = false)
{
    /// <summary>Idle time-out of the rule.</summary>
    public ushort IdleOf(SwitchSessionOptions options) => Verdict == SteeringVerdict.Steer || IsReleased ? options.SteeringIdleSeconds : options.BypassIdleSeconds;
}

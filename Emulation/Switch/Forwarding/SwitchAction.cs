using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch.Forwarding;

/// <summary>
/// An action made ready to run; of vendors' there is only the one that decrements the TTL. <paramref name="Port"/> is for output and enqueue,
/// <paramref name="MaxLength"/> bounds what the controller gets, <paramref name="Value"/> is the id of the queue, or reason (above the low
/// 16 bits) and connection id for the controller, or the address, port, VLAN id, priority or ToS of the others.
/// </summary>
internal readonly record struct SwitchAction(ActionType Type, ushort Port, ushort MaxLength, ulong Value);

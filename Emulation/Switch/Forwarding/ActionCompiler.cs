using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch.Forwarding;

/// <summary>Checks the values of actions and makes them ready to run.</summary>
internal static class ActionCompiler
{
    /// <summary>Appends to <paramref name="to"/>; false with the error to answer at the first action that cannot be done.</summary>
    public static bool TryCompile(ActionList actions, bool fromPacketOut, PortSet ports, List<SwitchAction> to, out ErrorCode error)
    {
        foreach (ActionView action in actions)
        {
            if (Fault(action, fromPacketOut, ports) is { } fault)
            {
                error = fault;
                return false;
            }
            to.Add(Compile(action));
        }
        error = default;
        return true;
    }

    private static SwitchAction Compile(ActionView action) => action.Type switch
    {
        ActionType.Output => new(action.Type, action.Port, action.MaxLength, (ulong)PacketInReason.Action << 16),
        ActionType.Enqueue => new(action.Type, action.Port, 0, action.QueueId),
        ActionType.Vendor when action.IsController => new(ActionType.Output, PortNo.Controller, action.ControllerMaxLength, ((ulong)action.ControllerReason << 16) | action.ControllerId),
        _ => new(action.Type, PortNo.None, 0, ValueOf(action)),
    };

    private static ErrorCode? Fault(ActionView action, bool fromPacketOut, PortSet ports)
    {
        switch (action.Type)
        {
            case ActionType.Output:
                return CanOutput(action.Port, fromPacketOut) ? null : ErrorCode.BadActionBadOutPort;
            case ActionType.Enqueue:
                return QueueFault(action.Port, action.QueueId, ports);
            case ActionType.SetVlanVid:
                return action.VlanVid <= 0xfff ? null : ErrorCode.BadActionBadArgument;
            case ActionType.SetVlanPcp:
                return action.VlanPcp <= 7 ? null : ErrorCode.BadActionBadArgument;
            case ActionType.SetNwTos:
                return (action.NwTos & 3) == 0 ? null : ErrorCode.BadActionBadArgument;
            case ActionType.Vendor:
                return VendorFault(action);
            default:
                return null;
        }
    }

    // A queue belongs to a port that is there; the ingress port may be any that has such a queue.
    private static ErrorCode? QueueFault(ushort number, uint id, PortSet ports)
    {
        if (number == PortNo.InPort)
            return ports.AnyHasQueue(id) ? null : ErrorCode.BadActionBadQueue;
        if (!ports.TryFind(number, out SwitchPort? port))
            return ErrorCode.BadActionBadOutPort;
        return port.FindQueue(id) is null ? ErrorCode.BadActionBadQueue : null;
    }

    private static ErrorCode? VendorFault(ActionView action)
    {
        if (action.Vendor != VendorId.Nicira)
            return ErrorCode.BadActionBadVendor;
        if (action.IsDecTtl || action.IsController)
            return null;
        return action.NiciraSubtype is NiciraSubtype.DecTtlAction or NiciraSubtype.ControllerAction ? ErrorCode.BadActionBadLen : ErrorCode.BadActionBadVendorType;
    }

    // A port that is not there yet may come; what is sent to it until then is dropped (section 5.3.3).
    private static bool CanOutput(ushort port, bool fromPacketOut) => port switch
    {
        PortNo.Table => fromPacketOut,
        PortNo.InPort or PortNo.Normal or PortNo.Flood or PortNo.All or PortNo.Controller or PortNo.Local => true,
        _ => PortNo.IsPhysical(port),
    };

    private static ulong ValueOf(ActionView action) => action.Type switch
    {
        ActionType.SetVlanVid => action.VlanVid,
        ActionType.SetVlanPcp => action.VlanPcp,
        ActionType.SetDlSrc or ActionType.SetDlDst => action.DlAddress.Value,
        ActionType.SetNwSrc or ActionType.SetNwDst => action.NwAddress.Value,
        ActionType.SetNwTos => action.NwTos,
        ActionType.SetTpSrc or ActionType.SetTpDst => action.TpPort,
        _ => 0,
    };
}

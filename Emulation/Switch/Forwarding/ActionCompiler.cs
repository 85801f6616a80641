using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch.Forwarding;

/// <summary>Checks the values of actions and makes them ready to run.</summary>
internal static class ActionCompiler
{
    /// <summary>Appends to <paramref name="to"/>; false with the error to answer at the first action that cannot be done.</summary>
    public static bool TryCompile(ActionList actions, bool fromPacketOut, List<SwitchAction> to, out ErrorCode error)
    {
        foreach (ActionView action in actions)
        {
            if (Fault(action, fromPacketOut) is { } fault)
            {
                error = fault;
                return false;
            }
            ushort port = action.Type is ActionType.Output or ActionType.Enqueue ? action.Port : PortNo.None;
            ushort maxLength = action.Type == ActionType.Output ? action.MaxLength : (ushort)0;
            to.Add(new SwitchAction(action.Type, port, maxLength, ValueOf(action)));
        }
        error = default;
        return true;
    }

    private static ErrorCode? Fault(ActionView action, bool fromPacketOut)
    {
        switch (action.Type)
        {
            case ActionType.Output:
                return CanOutput(action.Port, fromPacketOut) ? null : ErrorCode.BadActionBadOutPort;
            case ActionType.Enqueue:
                return PortNo.IsPhysical(action.Port) || action.Port is PortNo.InPort or PortNo.Local ? null : ErrorCode.BadActionBadOutPort;
            case ActionType.SetVlanVid:
                return action.VlanVid <= 0xfff ? null : ErrorCode.BadActionBadArgument;
            case ActionType.SetVlanPcp:
                return action.VlanPcp <= 7 ? null : ErrorCode.BadActionBadArgument;
            case ActionType.SetNwTos:
                return (action.NwTos & 3) == 0 ? null : ErrorCode.BadActionBadArgument;
            case ActionType.Vendor:
                return action.Vendor == VendorId.Nicira ? ErrorCode.BadActionBadVendorType : ErrorCode.BadActionBadVendor;
            default:
                return null;
        }
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

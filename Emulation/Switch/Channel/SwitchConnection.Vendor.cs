using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch;

public sealed partial class SwitchConnection
{
    // What Open vSwitch understands of Nicira's extensions and a controller of OpenFlow 1.0 needs.
    private ErrorCode? HandleRoleRequest(ReadOnlySpan<byte> message)
    {
        if (!NiciraRoleRequest.TryRead(message, out NiciraRoleRequest request, out DecodeError error))
            return error.Answer;
        if (request.Role > NiciraRole.Secondary)
            return ErrorCode.BadRequestEPerm;
        Role = request.Role;
        if (Role == NiciraRole.Primary)
            _switch.Demote(this);
        Output.Append(new NiciraRoleReply { Xid = request.Xid, Role = Role });
        return null;
    }

    private ErrorCode? HandleSetControllerId(ReadOnlySpan<byte> message)
    {
        if (!NiciraSetControllerId.TryRead(message, out NiciraSetControllerId set, out DecodeError error))
            return error.Answer;
        ControllerId = set.ControllerId;
        return null;
    }

    private static ErrorCode? HandleVendor(ReadOnlySpan<byte> message)
    {
        if (!VendorMessage.TryRead(message, out VendorMessage vendor, out DecodeError error))
            return error.Answer;
        return vendor.Vendor == VendorId.Nicira ? ErrorCode.BadRequestBadSubtype : ErrorCode.BadRequestBadVendor;
    }
}

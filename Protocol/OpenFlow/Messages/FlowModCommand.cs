namespace NetServ.OpenFlow;

/// <summary>ofp_flow_mod_command (OpenFlow 1.0.0 section 5.3.3).</summary>
public enum FlowModCommand : ushort
{
    Add = 0,
    Modify = 1,
    ModifyStrict = 2,
    Delete = 3,
    DeleteStrict = 4,
}

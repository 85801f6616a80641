namespace NetServ.OpenFlow;

/// <summary>ofp_action_type (OpenFlow 1.0.0 section 5.2.4).</summary>
public enum ActionType : ushort
{
    Output = 0,
    SetVlanVid = 1,
    SetVlanPcp = 2,
    StripVlan = 3,
    SetDlSrc = 4,
    SetDlDst = 5,
    SetNwSrc = 6,
    SetNwDst = 7,
    SetNwTos = 8,
    SetTpSrc = 9,
    SetTpDst = 10,
    Enqueue = 11,
    Vendor = 0xffff,
}

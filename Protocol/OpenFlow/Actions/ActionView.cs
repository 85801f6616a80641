using NetServ.Packets;

namespace NetServ.OpenFlow;

/// <summary>
/// One action of a validated <see cref="ActionList"/>. An accessor means what its name says for the type it is named after only; with another
/// type it throws <see cref="InvalidOperationException"/>.
/// </summary>
public readonly ref struct ActionView
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal ActionView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Its type.</summary>
    public ActionType Type => (ActionType)Wire.U16(_bytes, 0);

    /// <summary>Its bytes, type and length included.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Port of OUTPUT and ENQUEUE.</summary>
    public ushort Port => Type is ActionType.Output or ActionType.Enqueue ? Wire.U16(_bytes, 4) : throw Wrong(nameof(Port));

    /// <summary>Bytes that OUTPUT sends to the controller at the most; 0xffff sends the whole frame.</summary>
    public ushort MaxLength => Wire.U16(As(ActionType.Output), 6);

    /// <summary>Queue of ENQUEUE.</summary>
    public uint QueueId => Wire.U32(As(ActionType.Enqueue), 12);

    /// <summary>Id of SET_VLAN_VID.</summary>
    public ushort VlanVid => Wire.U16(As(ActionType.SetVlanVid), 4);

    /// <summary>Priority of SET_VLAN_PCP.</summary>
    public byte VlanPcp => As(ActionType.SetVlanPcp)[4];

    /// <summary>Address of SET_DL_SRC and SET_DL_DST.</summary>
    public MacAddress DlAddress => Type is ActionType.SetDlSrc or ActionType.SetDlDst ? MacAddress.Read(_bytes[4..]) : throw Wrong(nameof(DlAddress));

    /// <summary>Address of SET_NW_SRC and SET_NW_DST.</summary>
    public Ipv4Address NwAddress => Type is ActionType.SetNwSrc or ActionType.SetNwDst ? Ipv4Address.Read(_bytes[4..]) : throw Wrong(nameof(NwAddress));

    /// <summary>ToS byte of SET_NW_TOS.</summary>
    public byte NwTos => As(ActionType.SetNwTos)[4];

    /// <summary>Port of SET_TP_SRC and SET_TP_DST.</summary>
    public ushort TpPort => Type is ActionType.SetTpSrc or ActionType.SetTpDst ? Wire.U16(_bytes, 4) : throw Wrong(nameof(TpPort));

    /// <summary>Vendor of VENDOR.</summary>
    public uint Vendor => Wire.U32(As(ActionType.Vendor), 4);

    /// <summary>What follows the vendor id of VENDOR.</summary>
    public ReadOnlySpan<byte> VendorData => As(ActionType.Vendor)[8..];

    /// <summary>Whether this is the Nicira action that decrements the TTL.</summary>
    public bool IsDecTtl => IsNicira(OpenFlow.NiciraSubtype.DecTtlAction);

    /// <summary>Whether this is the Nicira action that sends to the controller connections of one id.</summary>
    public bool IsController => IsNicira(OpenFlow.NiciraSubtype.ControllerAction);

    /// <summary>Bytes that the Nicira controller action sends at the most.</summary>
    public ushort ControllerMaxLength => IsController ? Wire.U16(_bytes, 10) : throw Wrong(nameof(ControllerMaxLength));

    /// <summary>Which connections the Nicira controller action sends to (<see cref="NiciraSetControllerId"/>).</summary>
    public ushort ControllerId => IsController ? Wire.U16(_bytes, 12) : throw Wrong(nameof(ControllerId));

    /// <summary>Reason that the PACKET_IN of the Nicira controller action gives.</summary>
    public PacketInReason ControllerReason => IsController ? (PacketInReason)_bytes[14] : throw Wrong(nameof(ControllerReason));

    /// <summary>Subtype of an action of Nicira's; null with any other and with one too short for it.</summary>
    public ushort? NiciraSubtype => Type == ActionType.Vendor && _bytes.Length >= 16 && Vendor == VendorId.Nicira ? Wire.U16(_bytes, 8) : null;

    /// <summary>The action as ovs-ofctl writes it, "output:1".</summary>
    public override string ToString() => Type switch
    {
        ActionType.Output when Port == PortNo.Controller => $"CONTROLLER:{MaxLength}",
        ActionType.Output when Port < PortNo.InPort => $"output:{Port}",
        ActionType.Output => PortNo.ToString(Port),
        ActionType.SetVlanVid => $"mod_vlan_vid:{VlanVid}",
        ActionType.SetVlanPcp => $"mod_vlan_pcp:{VlanPcp}",
        ActionType.StripVlan => "strip_vlan",
        ActionType.SetDlSrc => $"mod_dl_src:{DlAddress}",
        ActionType.SetDlDst => $"mod_dl_dst:{DlAddress}",
        ActionType.SetNwSrc => $"mod_nw_src:{NwAddress}",
        ActionType.SetNwDst => $"mod_nw_dst:{NwAddress}",
        ActionType.SetNwTos => $"mod_nw_tos:{NwTos}",
        ActionType.SetTpSrc => $"mod_tp_src:{TpPort}",
        ActionType.SetTpDst => $"mod_tp_dst:{TpPort}",
        ActionType.Enqueue => $"enqueue:{PortNo.ToString(Port)}:{QueueId}",
        ActionType.Vendor when IsDecTtl => "dec_ttl",
        ActionType.Vendor when IsController => ControllerText(),
        _ => $"vendor:0x{Vendor:x8}:{Convert.ToHexStringLower(VendorData)}",
    };

    // What is as it would be with OUTPUT is left out.
    private string ControllerText()
    {
        if (ControllerReason == PacketInReason.Action && ControllerId == 0)
            return $"CONTROLLER:{ControllerMaxLength}";
        List<string> parts = [];
        if (ControllerReason != PacketInReason.Action)
            parts.Add($"reason={(ControllerReason == PacketInReason.NoMatch ? "no_match" : (int)ControllerReason)}");
        if (ControllerMaxLength != ushort.MaxValue)
            parts.Add($"max_len={ControllerMaxLength}");
        if (ControllerId != 0)
            parts.Add($"id={ControllerId}");
        return $"controller({string.Join(',', parts)})";
    }

    private bool IsNicira(ushort subtype) => _bytes.Length == 16 && NiciraSubtype == subtype;

    private ReadOnlySpan<byte> As(ActionType type) => Type == type ? _bytes : throw Wrong(type.ToString());

    private InvalidOperationException Wrong(string wanted) => new($"{wanted} of an action of type {Type}");
}

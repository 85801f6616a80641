using NetServ.Packets;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>
/// What makes a host one host: address and VLAN. A tag with VLAN id 0 carries a priority only (IEEE 802.1Q section 6.9): the host is the one that
/// also sends untagged.
/// </summary>
/// <param name="Value">The address above the VLAN; 0 is nobody.</param>
public readonly record struct HostKey(ulong Value)
{
    /// <summary>The key of an address in a VLAN, <see cref="FlowKey.NoVlan"/> for none.</summary>
    public HostKey(MacAddress address, ushort vlan)
        : this((address.Value << 16) | (vlan == 0 ? FlowKey.NoVlan : vlan))
    {
    }

    /// <summary>The address.</summary>
    public MacAddress Address => new(Value >> 16);

    /// <summary>The VLAN id.</summary>
    public ushort Vlan => (ushort)Value;

    /// <inheritdoc/>
    public override string ToString() => Vlan == FlowKey.NoVlan ? $"{Address}" : $"{Address} vlan {Vlan}";
}

namespace NetServ.Demo.Measuring;

/// <summary>Between whom a frame goes and what it carries, as an OpenFlow 1.0 switch sees it (section 3.4).</summary>
/// <param name="Source">Ethernet source, low 48 bits.</param>
/// <param name="Destination">Ethernet destination, low 48 bits.</param>
/// <param name="Vlan">VLAN id; <see cref="NoVlan"/> without a tag.</param>
/// <param name="Type">EtherType behind one 802.1Q tag; <see cref="NoType"/> for a frame with a length instead.</param>
internal readonly record struct Link(ulong Source, ulong Destination, ushort Vlan, ushort Type)
{
    /// <summary>What stands for "no tag" in a match.</summary>
    public const ushort NoVlan = 0xffff;

    /// <summary>What stands for "no EtherType" in a match.</summary>
    public const ushort NoType = 0x05ff;

    /// <summary>Whether it goes to a group address, broadcast included: such a frame is for everybody.</summary>
    public bool ToGroup => IsGroup(Destination);

    /// <summary>The other direction.</summary>
    public Link Reversed => new(Destination, Source, Vlan, Type);

    /// <summary>Whether an address is a group's.</summary>
    public static bool IsGroup(ulong address) => (address & 0x0100_0000_0000) != 0;
}

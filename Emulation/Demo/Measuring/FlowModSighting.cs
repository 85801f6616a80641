namespace NetServ.Demo.Measuring;

/// <summary>What the instrument reads of a FlowMod (OpenFlow 1.0.0 section 5.3.3).</summary>
/// <param name="Time">ns since 1970.</param>
/// <param name="Command">0 add, 1 modify, 2 modify strict, 3 delete, 4 delete strict.</param>
/// <param name="Priority">The rule's priority.</param>
/// <param name="InPort">Ingress port, or null where wildcarded.</param>
/// <param name="Source">Ethernet source, or null where wildcarded.</param>
/// <param name="Destination">Ethernet destination, or null where wildcarded.</param>
/// <param name="Vlan">VLAN id, or null where wildcarded.</param>
/// <param name="Tuple">Addresses and ports as the match has them; only meaningful if <paramref name="NamesFlow"/>.</param>
/// <param name="NamesFlow">The match fixes both whole addresses, the protocol and both ports: a rule for one flow alone.</param>
internal readonly record struct FlowModSighting(
    long Time, ushort Command, ushort Priority, ushort? InPort, ulong? Source, ulong? Destination, ushort? Vlan, Endpoints Tuple, bool NamesFlow)
{
    /// <summary>Whether a rule comes or changes.</summary>
    public bool Installs => Command < 3;

    /// <summary>Whether the rule is for this flow alone.</summary>
    public bool Names(Flow flow) =>
        NamesFlow && Tuple == flow.Tuple
        && (Source ?? flow.Link.Source) == flow.Link.Source
        && (Destination ?? flow.Link.Destination) == flow.Link.Destination
        && (Vlan ?? flow.Link.Vlan) == flow.Link.Vlan;
}

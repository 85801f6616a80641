namespace NetServ.Demo.Measuring;

/// <summary>What the instrument reads of a FlowMod (OpenFlow 1.0.0 section 5.3.3).</summary>
/// <param name="Time">ns since 1970.</param>
/// <param name="Command">0 add, 1 modify, 2 modify strict, 3 delete, 4 delete strict.</param>
/// <param name="Priority">The rule's priority.</param>
/// <param name="InPort">Ingress port, or null where wildcarded.</param>
/// <param name="Tuple">Addresses and ports as the match has them; only meaningful if <paramref name="NamesFlow"/>.</param>
/// <param name="NamesFlow">The match fixes both whole addresses, the protocol and both ports: a rule for one flow alone.</param>
internal readonly record struct FlowModSighting(long Time, ushort Command, ushort Priority, ushort? InPort, Endpoints Tuple, bool NamesFlow)
{
    /// <summary>Whether a rule comes or changes.</summary>
    public bool Installs => Command < 3;
}

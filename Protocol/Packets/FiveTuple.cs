namespace NetServ.Packets;

/// <summary>What makes two packets one flow: addresses, ports, protocol, and the VLAN they are in.</summary>
/// <param name="NwProto">IP protocol.</param>
/// <param name="NwSrc">IP source.</param>
/// <param name="NwDst">IP destination.</param>
/// <param name="TpSrc">Source port or ICMP type.</param>
/// <param name="TpDst">Destination port or ICMP code.</param>
/// <param name="DlVlan">VLAN id, <see cref="FlowKey.NoVlan"/> if untagged.</param>
public readonly record struct FiveTuple(byte NwProto, Ipv4Address NwSrc, Ipv4Address NwDst, ushort TpSrc, ushort TpDst, ushort DlVlan = FlowKey.NoVlan)
{
    /// <summary>The flow in the other direction.</summary>
    public FiveTuple Reverse() => new(NwProto, NwDst, NwSrc, TpDst, TpSrc, DlVlan);

    /// <summary>
    /// A hash that depends on nothing but the fields and <paramref name="seed"/>: the same in every process and run. Every bit of the result depends on
    /// every bit of the fields. Not a defence against who knows the seed.
    /// </summary>
    public ulong Hash64(ulong seed)
    {
        ulong addresses = ((ulong)NwSrc.Value << 32) | NwDst.Value;
        ulong rest = ((ulong)TpSrc << 48) | ((ulong)TpDst << 32) | ((ulong)DlVlan << 16) | NwProto;
        return Mix(Mix(Mix(seed) ^ addresses) ^ rest);
    }

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        ulong hash = Hash64(0);
        return (int)(hash ^ (hash >> 32));
    }

    /// <summary>"udp 10.0.0.1:5060 > 10.0.0.2:5060".</summary>
    public override string ToString()
    {
        string protocol = NwProto switch
        {
            IpProtocols.Tcp => "tcp",
            IpProtocols.Udp => "udp",
            IpProtocols.Icmp => "icmp",
            _ => $"proto {NwProto}",
        };
        string vlan = DlVlan == FlowKey.NoVlan ? "" : $" vlan {DlVlan}";
        return $"{protocol} {NwSrc}:{TpSrc} > {NwDst}:{TpDst}{vlan}";
    }

    // The finalizer of SplitMix64: a bijection in which each input bit flips each output bit half of the time.
    private static ulong Mix(ulong z)
    {
        z += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}

namespace NetServ.OpenFlow;

/// <summary>ofp_port_features (OpenFlow 1.0.0 section 5.2.1).</summary>
[Flags]
public enum PortFeatures : uint
{
    None = 0,
    Half10Mb = 1 << 0,
    Full10Mb = 1 << 1,
    Half100Mb = 1 << 2,
    Full100Mb = 1 << 3,
    Half1Gb = 1 << 4,
    Full1Gb = 1 << 5,
    Full10Gb = 1 << 6,
    Copper = 1 << 7,
    Fiber = 1 << 8,
    AutoNegotiation = 1 << 9,
    Pause = 1 << 10,
    PauseAsymmetric = 1 << 11,
}

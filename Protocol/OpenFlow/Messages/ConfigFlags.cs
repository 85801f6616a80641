namespace NetServ.OpenFlow;

/// <summary>ofp_config_flags (OpenFlow 1.0.0 section 5.3.2): what happens to IP fragments.</summary>
[Flags]
public enum ConfigFlags : ushort
{
    FragmentsNormal = 0,
    FragmentsDrop = 1,
    FragmentsReassemble = 2,
    FragmentsMask = 3,
}

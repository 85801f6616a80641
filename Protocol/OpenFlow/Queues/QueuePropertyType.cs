namespace NetServ.OpenFlow;

/// <summary>ofp_queue_properties (OpenFlow 1.0.0 section 5.2.2).</summary>
public enum QueuePropertyType : ushort
{
    None = 0,
    MinRate = 1,
}

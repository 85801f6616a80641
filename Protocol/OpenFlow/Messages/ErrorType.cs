namespace NetServ.OpenFlow;

/// <summary>ofp_error_type (OpenFlow 1.0.0 section 5.4.4).</summary>
public enum ErrorType : ushort
{
    HelloFailed = 0,
    BadRequest = 1,
    BadAction = 2,
    FlowModFailed = 3,
    PortModFailed = 4,
    QueueOpFailed = 5,
}

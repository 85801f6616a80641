namespace NetServ.Controller;

/// <summary>An address that cannot be listened on; the message says which and what to do.</summary>
public sealed class EndpointException : Exception
{
    /// <summary>An unnamed address.</summary>
    public EndpointException()
    {
    }

    /// <summary>With its sentence.</summary>
    public EndpointException(string message)
        : base(message)
    {
    }

    /// <summary>With its sentence and cause.</summary>
    public EndpointException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

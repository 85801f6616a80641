namespace NetServ.Ports;

/// <summary>A port that cannot be opened; the message names the port, the reason and, where there is one, the cure.</summary>
public sealed class PortException : Exception
{
    /// <summary>Without a message.</summary>
    public PortException()
    {
    }

    /// <summary>With a message for the person who wrote the specification.</summary>
    public PortException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and its cause.</summary>
    public PortException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

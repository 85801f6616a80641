namespace NetServ.Ports;

/// <summary>A capture file that cannot be read further; the message names the offset in bytes and what was found there.</summary>
public sealed class PcapFormatException : FormatException
{
    /// <summary>Without a message.</summary>
    public PcapFormatException()
    {
    }

    /// <summary>With a message.</summary>
    public PcapFormatException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and its cause.</summary>
    public PcapFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal PcapFormatException(long offset, string fault)
        : base($"capture file, offset {offset}: {fault}")
    {
    }
}

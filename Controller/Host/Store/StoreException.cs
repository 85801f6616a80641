namespace NetServ.Controller.Store;

/// <summary>A store that cannot be used; the message says why and what to do.</summary>
public sealed class StoreException : Exception
{
    /// <summary>Without a message; for completeness.</summary>
    public StoreException()
    {
    }

    /// <summary>With what is wrong and the way out.</summary>
    public StoreException(string message)
        : base(message)
    {
    }

    /// <summary>With what is wrong, the way out, and the cause.</summary>
    public StoreException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

namespace NetServ.Node.Options;

/// <summary>The options as they were written; null where one was left out.</summary>
public sealed record NodeOptionsText
{
    /// <summary>--controller.</summary>
    public string? Controller { get; init; }

    /// <summary>--port.</summary>
    public string? Port { get; init; }

    /// <summary>--name.</summary>
    public string? Name { get; init; }

    /// <summary>--token.</summary>
    public string? Token { get; init; }

    /// <summary>--token-file.</summary>
    public string? TokenFile { get; init; }

    /// <summary>--capacity.</summary>
    public string? Capacity { get; init; }

    /// <summary>--mac.</summary>
    public string? Mac { get; init; }

    /// <summary>--ip, as often as it was given.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>--bundle-limit.</summary>
    public string? BundleLimit { get; init; }

    /// <summary>--bundle-timeout.</summary>
    public string? BundleTimeout { get; init; }
}

namespace NetServ.SwitchHost.Options;

/// <summary>The texts of the command line, null or empty where nothing was written.</summary>
internal sealed record SwitchArguments
{
    public string? DatapathId { get; init; }

    public IReadOnlyList<string> Controllers { get; init; } = [];

    public IReadOnlyList<string> Listeners { get; init; } = [];

    public IReadOnlyList<string> Ports { get; init; } = [];

    public string? PortCount { get; init; }

    public string? PortDirectory { get; init; }

    public IReadOnlyList<string> Queues { get; init; } = [];

    public string? Buffers { get; init; }

    public string? TableSize { get; init; }

    public string? OnChannelLoss { get; init; }
}

namespace NetServ.SwitchHost.Options;

internal sealed partial record SwitchHostOptions
{
    /// <summary>How it is worse than the specification; null for not at all.</summary>
    public ProfileOptions? Worse { get; init; }
}

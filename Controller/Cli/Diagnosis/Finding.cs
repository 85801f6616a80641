namespace NetServ.Cli.Diagnosis;

/// <summary>How bad a finding is.</summary>
internal enum Severity
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Something that only some uses need is missing.</summary>
    Note,

    /// <summary>Something that is needed is missing or wrong.</summary>
    Fault,
}

/// <summary>The result of one check.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Text">What was found.</param>
/// <param name="Fix">What to do; empty if nothing.</param>
internal sealed record Finding(string Name, Severity Severity, string Text, string Fix = "")
{
    /// <summary>"ok", "note" or "fault".</summary>
    internal string Word => Severity switch
    {
        Severity.Ok => "ok",
        Severity.Note => "note",
        _ => "fault",
    };
}

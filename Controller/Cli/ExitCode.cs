namespace NetServ.Cli;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    internal const int Success = 0;

    /// <summary>Refused, unreachable, or something is wrong.</summary>
    internal const int Failure = 1;

    /// <summary>The options are wrong; nothing was tried.</summary>
    internal const int BadOptions = 2;
}

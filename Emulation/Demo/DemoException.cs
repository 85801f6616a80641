namespace NetServ.Demo;

/// <summary>The demo cannot go on; the message is for the person who started it.</summary>
internal sealed class DemoException(string message, int exitCode = ExitCodes.Failed) : Exception(message)
{
    /// <summary>With what the demo ends.</summary>
    public int ExitCode => exitCode;
}

/// <summary>How the demo ends.</summary>
internal static class ExitCodes
{
    /// <summary>The story held.</summary>
    public const int Ok = 0;

    /// <summary>The story did not hold, or a program failed.</summary>
    public const int Failed = 1;

    /// <summary>A bad option, or something this machine lacks.</summary>
    public const int Usage = 2;

    /// <summary>The control run lost packets: nothing can be said about NetServ.</summary>
    public const int Void = 3;

    /// <summary>Interrupted.</summary>
    public const int Interrupted = 130;
}

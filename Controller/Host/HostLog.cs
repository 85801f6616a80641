namespace NetServ.Controller;

internal static partial class HostLog
{
    [LoggerMessage(1, LogLevel.Information, "{Kind}: {Text}")]
    public static partial void Event(ILogger logger, string kind, string text);

    [LoggerMessage(2, LogLevel.Warning, "alarm: {Text}")]
    public static partial void Alarm(ILogger logger, string text);

    [LoggerMessage(3, LogLevel.Warning, "connection ended: {Reason}")]
    public static partial void ConnectionEnded(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Error, "input {Input} failed; it is left out, please report this")]
    public static partial void InputFailed(ILogger logger, string input, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "{Count} more connections ended that are not listed")]
    public static partial void EndingsLeftOut(ILogger logger, long count);
}

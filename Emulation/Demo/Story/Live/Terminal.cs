using System.Text;
using NetServ.Demo.Running;
using Spectre.Console;

namespace NetServ.Demo.Story.Live;

/// <summary>The terminal that standard output is, if it is one.</summary>
internal sealed class Terminal : IAnsiConsoleOutput
{
    private const int Buffer = 1 << 16;

    private Terminal() => Writer = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), Buffer);

    /// <inheritdoc/>
    public TextWriter Writer { get; }

    /// <inheritdoc/>
    public bool IsTerminal => true;

    /// <inheritdoc/>
    public int Width => Console.WindowWidth;

    /// <inheritdoc/>
    public int Height => Console.WindowHeight;

    /// <summary>The terminal, if a person sits at it and a picture fits on it; otherwise null.</summary>
    public static IAnsiConsole? ForPicture(DemoOptions options)
    {
        if (options.Json || Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb")
            return null;
        if (Console.WindowWidth < SceneLayout.LeastWidth || Console.WindowHeight < SceneLayout.LeastHeight)
            return null;
        // Colours by NO_COLOR and COLORTERM.
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new Terminal(), Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.No });
        console.Profile.Capabilities.Unicode = SpeaksUnicode(Environment.GetEnvironmentVariable);
        return console;
    }

    /// <summary>Whether the locale says UTF-8, by the order of precedence that POSIX gives.</summary>
    public static bool SpeaksUnicode(Func<string, string?> variable)
    {
        string locale = new[] { "LC_ALL", "LC_CTYPE", "LANG" }.Select(variable).FirstOrDefault(v => !string.IsNullOrEmpty(v)) ?? "";
        return locale.Replace("-", "", StringComparison.Ordinal).Contains("utf8", StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public void SetEncoding(Encoding encoding)
    {
        // The locale decides, not the program.
    }
}

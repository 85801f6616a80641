namespace NetServ.Cli;

/// <summary>Breaks long lines where a terminal would break them anywhere.</summary>
internal static class Wrapping
{
    private const int LeastText = 20;

    /// <summary>Writes one paragraph.</summary>
    /// <param name="environment">Where to, and how wide it is.</param>
    /// <param name="first">What stands before the first line.</param>
    /// <param name="text">The paragraph; it is broken at blanks and behind commas.</param>
    internal static void Write(CliEnvironment environment, string first, string text)
    {
        int room = Math.Max(LeastText, (environment.Width ?? int.MaxValue) - first.Length);
        string before = first;
        while (text.Length > room)
        {
            int end = text.LastIndexOfAny([' ', ','], room - 1);
            end = end < LeastText / 2 ? room : end + 1;
            environment.Out.WriteLine((before + text[..end]).TrimEnd());
            text = text[end..].TrimStart();
            before = new string(' ', first.Length);
        }
        environment.Out.WriteLine((before + text).TrimEnd());
    }
}

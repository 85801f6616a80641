using System.Text.RegularExpressions;

namespace NetServ.OpenFlow.Tests.Oracles;

/// <summary>The output of "ovs-ofctl ofp-parse" over a stream of messages, cut into messages again.</summary>
internal static partial class OvsReport
{
    /// <summary>Runs it over a file and hands over the lines of each message.</summary>
    public static int Read(string file, Action<List<string>> message)
    {
        int count = 0;
        List<string> lines = [];
        Tool.Run("ovs-ofctl", ["ofp-parse", file], line =>
        {
            if (Title().IsMatch(line) && !IsInsideError(lines))
            {
                Flush();
                lines = [];
            }
            lines.Add(line);
        });
        Flush();
        return count;

        void Flush()
        {
            if (lines.Count == 0)
                return;
            message(Comparable(lines));
            count++;
        }
    }

    // An error is followed by the message at fault, but for HELLO_FAILED.
    private static bool IsInsideError(List<string> lines) =>
        lines.Count == 1 && lines[0].StartsWith("OFPT_ERROR ", StringComparison.Ordinal) && !lines[0].Contains(" OFPHFC_", StringComparison.Ordinal);

    private static List<string> Comparable(List<string> lines)
    {
        string title = lines[0];
        if (title.StartsWith("OFPT_PACKET_", StringComparison.Ordinal))
            return [title.TrimEnd()];
        if (title.StartsWith("OFPT_ECHO_", StringComparison.Ordinal))
            return [title, .. lines.Skip(1).Select(HexOnly)];
        return [.. lines.Where(line => line.Length > 0 && !Computed().IsMatch(line)).Select(line => line.TrimEnd())];
    }

    private static string HexOnly(string dump)
    {
        string hex = dump[10..58].Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return $"{dump[..8]} {hex}";
    }

    [GeneratedRegex(@"^(OFPT|OFPST|NXT|NXST)_[A-Z_]+( request| reply)? (\(xid=|\(OF)|^\*\*\*|^OFPT_ERROR|^VENDOR")]
    private static partial Regex Title();

    [GeneratedRegex("^     speed: |^    max_entries=|^    matching:|^      exact match or|^    \\(same ")]
    private static partial Regex Computed();
}

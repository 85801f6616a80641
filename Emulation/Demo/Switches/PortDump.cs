using System.Globalization;
using System.Text.RegularExpressions;

namespace NetServ.Demo.Switches;

/// <summary>What `ovs-ofctl dump-ports` said.</summary>
/// <param name="Text">Word for word.</param>
/// <param name="Frames">By port: frames received and frames sent.</param>
internal sealed partial record PortDump(string Text, IReadOnlyDictionary<ushort, (long Received, long Sent)> Frames)
{
    /// <summary>Reads the text; ports without a number (LOCAL) are left out.</summary>
    public static PortDump Parse(string text)
    {
        Dictionary<ushort, (long, long)> frames = [];
        foreach (Match match in Row().Matches(text))
            frames[(ushort)Number(match, 1)] = (Number(match, 2), Number(match, 3));
        return new PortDump(text, frames);
    }

    private static long Number(Match match, int group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    // port  1: rx pkts=5, bytes=300, drop=0, errs=0, frame=0, over=0, crc=0
    //          tx pkts=7, bytes=420, drop=0, errs=0, coll=0
    [GeneratedRegex(@"port\s+""?(\d+)""?:\s*rx pkts=(\d+),.*?tx pkts=(\d+),", RegexOptions.Singleline)]
    private static partial Regex Row();
}

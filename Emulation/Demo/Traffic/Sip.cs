using System.Globalization;
using System.Text;
using NetServ.Demo.Measuring;
using NetServ.Packets;

namespace NetServ.Demo.Traffic;

/// <summary>The two SIP messages of the story (RFC 3261): the keep-alive NOTIFY of a phone and the 200 OK of its server.</summary>
internal static class Sip
{
    /// <summary>A phone's keep-alive. Each is a request of its own, outside a dialog, so each has its own Call-ID.</summary>
    public static byte[] Notify(Endpoints tuple, string token, int sequence)
    {
        string phone = new Ipv4Address(tuple.Source).ToString();
        string server = new Ipv4Address(tuple.Destination).ToString();
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            NOTIFY sip:{server} SIP/2.0
            Via: SIP/2.0/UDP {phone}:{tuple.SourcePort};branch=z9hG4bK-{token};rport
            X-Demo: stamp=00
            Max-Forwards: 70
            From: <sip:phone{tuple.SourcePort}@{phone}>;tag=t{tuple.SourcePort}
            To: <sip:{server}>
            Call-ID: {token}@{phone}
            CSeq: {sequence + 1} NOTIFY
            Contact: <sip:phone{tuple.SourcePort}@{phone}:{tuple.SourcePort}>
            Event: keep-alive
            Content-Length: 0


            """).ReplaceLineEndings("\r\n"));
    }

    /// <summary>Whether a UDP payload is a NOTIFY.</summary>
    public static bool IsNotify(ReadOnlySpan<byte> payload) => payload.StartsWith("NOTIFY "u8);

    /// <summary>The server's 200 OK: Via, From, To, Call-ID and CSeq are the request's (RFC 3261 section 8.2.6.2).</summary>
    public static byte[] Ok(ReadOnlySpan<byte> notify)
    {
        StringBuilder text = new("SIP/2.0 200 OK\r\n");
        foreach (string line in Encoding.ASCII.GetString(notify).Split("\r\n"))
        {
            if (line.StartsWith("To:", StringComparison.OrdinalIgnoreCase))
                text.Append(line).Append(";tag=server\r\n");
            else if (IsCopied(line))
                text.Append(line).Append("\r\n");
        }
        return Encoding.ASCII.GetBytes(text.Append("Content-Length: 0\r\n\r\n").ToString());
    }

    private static bool IsCopied(string line) =>
        line.StartsWith("Via:", StringComparison.OrdinalIgnoreCase)
        || line.StartsWith("From:", StringComparison.OrdinalIgnoreCase)
        || line.StartsWith("Call-ID:", StringComparison.OrdinalIgnoreCase)
        || line.StartsWith("CSeq:", StringComparison.OrdinalIgnoreCase);
}

using System.Globalization;
using System.Text;
using NetServ.Packets;

namespace NetServ.Signaling;

/// <summary>Reads what the headers say of a filter: its packets, and the terms on which they take their detour.</summary>
/// <param name="values">All headers by name.</param>
/// <param name="fault">Takes a fault: code, field, and the sentence without its full stop.</param>
internal sealed class FilterMeaning(IReadOnlyDictionary<string, string> values, Action<RequestError, string, string> fault)
{
    private static readonly string[] s_known =
    [
        HeaderNames.FilterIpv4, HeaderNames.FilterProto, HeaderNames.FilterPort, HeaderNames.FilterSourceIpv4, HeaderNames.FilterSourcePort,
        HeaderNames.FilterDirection, HeaderNames.FilterOrder,
    ];

    private static readonly string[] s_terms = [HeaderNames.FailureMode, HeaderNames.Fragments, HeaderNames.Steering, HeaderNames.Spread];

    /// <summary>"filter-ipv4, filter-proto, ... and filter-order".</summary>
    public static string KnownNames { get; } = $"{string.Join(", ", s_known[..^1])} and {s_known[^1]}";

    /// <summary>Whether the header is one of those that make a filter.</summary>
    public static bool IsKnown(string name) => Array.IndexOf(s_known, name) >= 0;

    /// <summary>The filter; null where there is none, or no destination.</summary>
    public FlowFilter? ReadFilter()
    {
        byte? protocol = ReadProtocol();
        ushort? port = ReadPort(HeaderNames.FilterPort);
        ushort? sourcePort = ReadPort(HeaderNames.FilterSourcePort);
        CheckPortsHaveProtocol(protocol);
        Ipv4Prefix? source = ReadPrefix(HeaderNames.FilterSourceIpv4);
        FilterDirection direction = ReadWord(
            HeaderNames.FilterDirection, ("forward", FilterDirection.Forward), ("reverse", FilterDirection.Reverse), ("both", FilterDirection.Both));
        if (s_known.Concat(s_terms).FirstOrDefault(values.ContainsKey) is not { } first)
            return null;
        if (!values.ContainsKey(HeaderNames.FilterIpv4))
        {
            fault(RequestError.MissingHeader, HeaderNames.FilterIpv4, $"'{first}' stands without 'filter-ipv4'; add the destination address or prefix, like 'filter-ipv4: 10.0.0.1/32'");
            return null;
        }
        return new FlowFilter(protocol, port, ReadPrefix(HeaderNames.FilterIpv4).GetValueOrDefault()) { Source = source, SourcePort = sourcePort, Direction = direction };
    }

    /// <summary>The terms.</summary>
    public SteeringTerms ReadTerms() => new()
    {
        FailureMode = ReadWord(HeaderNames.FailureMode, ("open", FailureMode.Open), ("closed", FailureMode.Closed)),
        IsSpread = ReadWord(HeaderNames.Spread, ("none", false), ("tos", true)),
        Fragments = ReadWord(HeaderNames.Fragments, ("pass", FragmentMode.Pass), ("steer", FragmentMode.Steer), ("drop", FragmentMode.Drop)),
        Mode = ReadWord(HeaderNames.Steering, ("reactive", SteeringMode.Reactive), ("proactive", SteeringMode.Proactive)),
        Order = ReadOrder(),
    };

    private byte? ReadProtocol()
    {
        if (!values.TryGetValue(HeaderNames.FilterProto, out string? value))
            return null;
        switch (value.ToLowerInvariant())
        {
            case "udp":
                return FlowFilter.Udp;
            case "tcp":
                return FlowFilter.Tcp;
            case "icmp":
                return FlowFilter.Icmp;
        }
        if (byte.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out byte number))
            return number;
        Malformed(HeaderNames.FilterProto, value, "a protocol; write udp, tcp, icmp or a number from 0 to 255");
        return null;
    }

    private ushort? ReadPort(string name)
    {
        if (!values.TryGetValue(name, out string? value))
            return null;
        if (!ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
            Malformed(name, value, "a port; write a number from 1 to 65535");
        return port;
    }

    private void CheckPortsHaveProtocol(byte? protocol)
    {
        string[] ports = [.. new[] { HeaderNames.FilterPort, HeaderNames.FilterSourcePort }.Where(values.ContainsKey)];
        if (ports.Length > 0 && !values.ContainsKey(HeaderNames.FilterProto))
            fault(RequestError.MissingHeader, HeaderNames.FilterProto, $"'{ports[0]}' stands without 'filter-proto'; add 'filter-proto: udp' or 'filter-proto: tcp'");
        if (protocol is null or FlowFilter.Udp or FlowFilter.Tcp)
            return;
        foreach (string name in ports)
            fault(RequestError.MalformedHeader, name, $"{FlowFilter.ProtocolWord(protocol)} has no ports; remove '{name}' or use 'filter-proto' udp or tcp");
    }

    private Ipv4Prefix? ReadPrefix(string name)
    {
        if (!values.TryGetValue(name, out string? value))
            return null;
        if (!Ipv4Prefix.TryParse(value, out Ipv4Prefix prefix))
            Malformed(name, value, "an IPv4 address or prefix; write it like 10.0.0.1 or 10.0.0.0/8, with no bits set beyond the length");
        return prefix;
    }

    private ushort ReadOrder()
    {
        if (!values.TryGetValue(HeaderNames.FilterOrder, out string? value))
            return SteeringTerms.DefaultOrder;
        if (!ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort order))
            Malformed(HeaderNames.FilterOrder, value, "an order; write a number from 0 to 65535, lowest first");
        return order;
    }

    // The first word is what holds where there is no such header.
    private T ReadWord<T>(string name, params ReadOnlySpan<(string Word, T Value)> words)
    {
        if (!values.TryGetValue(name, out string? value))
            return words[0].Value;
        string all = "";
        foreach ((string word, T meaning) in words)
        {
            if (Ascii.EqualsIgnoreCase(word, value))
                return meaning;
            all += all.Length == 0 ? word : $", {word}";
        }
        Malformed(name, value, $"known here; use one of {all}");
        return words[0].Value;
    }

    private void Malformed(string name, string value, string what) =>
        fault(RequestError.MalformedHeader, name, $"'{RequestSyntax.Printable(value)}' is not {what}");
}

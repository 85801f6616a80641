using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace NetServ.Signaling;

/// <summary>
/// A NetServ request, immutable and well formed: one cannot be made with a fault in it. Whether it may be done is decided
/// elsewhere. The text is described in docs/request-format.md.
/// </summary>
public sealed class NetServRequest
{
    /// <summary>Largest text in bytes, padding included: the value of one GIST object (RFC 5971 appendix A.2, 4095 words).</summary>
    public const int MaxBytes = 16380;

    /// <summary>Time to live in seconds where the request names none.</summary>
    public const int DefaultTtlSeconds = 300;

    /// <summary>Longest time to live in seconds, one week.</summary>
    public const int MaxTtlSeconds = 604800;

    internal NetServRequest(IReadOnlyList<RequestHeader> headers) => Headers = headers;

    /// <summary>SETUP or REMOVE.</summary>
    public required RequestCommand Command { get; init; }

    /// <summary>The module; its version may be left open by REMOVE only.</summary>
    public required ModuleId Module { get; init; }

    /// <summary>Who asks.</summary>
    public required string User { get; init; }

    /// <summary>When it was signed, to the second.</summary>
    public required DateTimeOffset Issued { get; init; }

    /// <summary>128 bits that make the request unique.</summary>
    public required UInt128 Nonce { get; init; }

    /// <summary>Where the bundle is; never null in a SETUP. <see cref="Uri.OriginalString"/> is what was signed.</summary>
    public required Uri? Url { get; init; }

    /// <summary>SHA-256 of the bundle, 32 bytes; never null in a SETUP.</summary>
    public required ReadOnlyMemory<byte>? BundleChecksum { get; init; }

    /// <summary>Time to live in seconds, 1..604800.</summary>
    public required int TtlSeconds { get; init; }

    /// <summary>The packets asked for; null if the module wants none.</summary>
    public required FlowFilter? Filter { get; init; }

    /// <summary>How those packets are treated.</summary>
    public SteeringTerms Terms { get; init; } = SteeringTerms.Default;

    /// <summary>Settings handed to the module.</summary>
    public required IReadOnlyDictionary<string, string> Properties { get; init; }

    /// <summary>Modules that have to be there.</summary>
    public required IReadOnlyList<ModuleId> Dependencies { get; init; }

    /// <summary>Where the user wants to be told, as he wrote it.</summary>
    public required string? Notification { get; init; }

    /// <summary>DER signature; null if the request is unsigned.</summary>
    public required ReadOnlyMemory<byte>? Signature { get; init; }

    /// <summary>All headers in their order, signature and those without a meaning included.</summary>
    public IReadOnlyList<RequestHeader> Headers { get; }

    /// <summary>"SETUP NetServ.Modules.Mark_1.0.0 NETSERV/1.0".</summary>
    public string RequestLine => $"{CommandWord(Command)} {Module} {RequestSyntax.Protocol}";

    /// <summary>Reads a request's text; the first fault found is the refusal. Never throws.</summary>
    /// <param name="text">UTF-8, LF or CRLF, at most <see cref="MaxBytes"/>; NUL padding at the end is tolerated.</param>
    /// <param name="request">The request if the result is true.</param>
    /// <param name="refusal">The fault if the result is false.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out NetServRequest? request, [NotNullWhen(false)] out RequestRefusal? refusal)
    {
        request = null;
        if (!RequestSyntax.TryRead(text, out RequestSyntax? syntax, out refusal))
            return false;
        request = RequestMeaning.Read(syntax, out IReadOnlyList<RequestRefusal> faults);
        refusal = request is null ? faults[0] : null;
        return request is not null;
    }

    /// <summary>Makes a request from its parts; on failure <paramref name="faults"/> has every fault, not the first alone.</summary>
    /// <param name="command">SETUP or REMOVE.</param>
    /// <param name="module">Module id as text.</param>
    /// <param name="headers">All headers; names in any case, blanks around values are dropped.</param>
    /// <param name="request">The request if the result is true.</param>
    /// <param name="faults">Empty if the result is true.</param>
    public static bool TryCreate(
        RequestCommand command, string module, IEnumerable<RequestHeader> headers, [NotNullWhen(true)] out NetServRequest? request, out IReadOnlyList<RequestRefusal> faults)
    {
        RequestHeader[] clean = [.. headers.Select(header => RequestSyntax.Normalise(header.Name, header.Value))];
        List<RequestRefusal> found = [.. clean.Select(header => RequestSyntax.FaultOfHeader(header.Name, header.Value)).OfType<RequestRefusal>()];
        request = RequestMeaning.Read(new RequestSyntax(CommandWord(command), module, clean), out faults);
        found.AddRange(faults);
        if (request is not null && request.ToBytes().Length is > MaxBytes and int size)
            found.Add(new RequestRefusal(RequestError.MalformedRequest, "size", $"The request has {size} bytes; at most {MaxBytes} fit into a GIST object."));
        faults = found;
        if (found.Count > 0)
            request = null;
        return request is not null;
    }

    /// <summary>Value of a header, null if it is not there.</summary>
    /// <param name="name">Lower-case name.</param>
    public string? Header(string name)
    {
        foreach (RequestHeader header in Headers)
            if (header.Name == name)
                return header.Value;
        return null;
    }

    /// <summary>The request's text: request line and headers in their order, LF at the end of each.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        text.Append(RequestLine).Append('\n');
        foreach (RequestHeader header in Headers)
            text.Append(header.Name).Append(": ").Append(header.Value).Append('\n');
        return text.ToString();
    }

    /// <summary><see cref="ToText"/> in UTF-8, as it is sent.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToText());

    private static string CommandWord(RequestCommand command) => command == RequestCommand.Setup ? "SETUP" : "REMOVE";
}

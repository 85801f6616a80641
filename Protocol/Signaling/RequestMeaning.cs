using System.Buffers;
using System.Globalization;

namespace NetServ.Signaling;

/// <summary>Reads what the words of a request mean and gathers every fault, so that a person can mend them all at once.</summary>
internal sealed class RequestMeaning
{
    private const string IssuedFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private const string ChecksumPrefix = "sha256:";

    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<RequestRefusal> _faults = [];

    private RequestMeaning()
    {
    }

    /// <summary>The request, or null and at least one fault, the most telling first.</summary>
    internal static NetServRequest? Read(RequestSyntax syntax, out IReadOnlyList<RequestRefusal> faults)
    {
        RequestMeaning meaning = new();
        faults = meaning._faults;
        NetServRequest? request = meaning.ReadAll(syntax);
        return meaning._faults.Count == 0 ? request : null;
    }

    private NetServRequest? ReadAll(RequestSyntax syntax)
    {
        RequestCommand? command = ReadCommand(syntax.Command);
        if (command is null)
            return null;
        bool setup = command == RequestCommand.Setup;
        ModuleId module = ReadModule(syntax.Module, versionNeeded: setup);
        Collect(syntax.Headers);
        FilterMeaning filter = new(_values, Fault);
        return new NetServRequest(syntax.Headers)
        {
            Command = command.Value,
            Module = module,
            User = ReadUser(),
            Issued = ReadIssued(),
            Nonce = ReadNonce(),
            Url = ReadUrl(setup),
            BundleChecksum = ReadChecksum(setup),
            TtlSeconds = ReadTtl(),
            Filter = filter.ReadFilter(),
            Terms = filter.ReadTerms(),
            Properties = ReadProperties(),
            Dependencies = ReadDependencies(),
            Notification = _values.GetValueOrDefault(HeaderNames.Notification),
            Signature = ReadSignature(),
        };
    }

    private RequestCommand? ReadCommand(string word)
    {
        switch (word)
        {
            case "SETUP":
                return RequestCommand.Setup;
            case "REMOVE":
                return RequestCommand.Remove;
            case "PROBE" or "TRIGGER":
                Fault(RequestError.UnsupportedCommand, "command", $"{word} is not supported here; use SETUP or REMOVE, and list modules through the operator interface");
                return null;
            default:
                Fault(RequestError.MalformedRequest, "command", $"'{RequestSyntax.Printable(word)}' is not a command; use SETUP or REMOVE");
                return null;
        }
    }

    private ModuleId ReadModule(string word, bool versionNeeded)
    {
        if (!ModuleId.TryParse(word, out ModuleId id))
            Fault(RequestError.MalformedRequest, "module", $"'{RequestSyntax.Printable(word)}' is not a module id; write symbolic name, underscore, version, like NetServ.Modules.Mark_1.0.0");
        else if (versionNeeded && id.Version is null)
            Fault(RequestError.MalformedRequest, "module", $"'{id}' has no version; SETUP needs one, like {id}_1.0.0");
        return id;
    }

    private void Collect(IReadOnlyList<RequestHeader> headers)
    {
        foreach ((string name, string value) in headers)
        {
            if (!_values.TryAdd(name, value))
                Fault(name, $"The header '{name}' is there twice; leave one");
            if (name.StartsWith(HeaderNames.FilterPrefix, StringComparison.Ordinal) && !FilterMeaning.IsKnown(name))
                Fault(name, $"'{name}' is not a filter known here, and without it the module would get more than was asked for; use {FilterMeaning.KnownNames}");
        }
    }

    private string ReadUser()
    {
        const int Most = 64;
        if (!Required(HeaderNames.User, "add 'user: NAME' with the name that the controller knows you by", out string value))
            return "";
        if (value.Length > Most || !value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@'))
            Fault(HeaderNames.User, $"'{RequestSyntax.Printable(value)}' is not a user name; use up to {Most} letters, digits, '.', '-', '_' and '@'");
        return value;
    }

    private DateTimeOffset ReadIssued()
    {
        if (!Required(HeaderNames.Issued, "add the time of signing, like 'issued: 2025-01-31T12:00:00Z'", out string value))
            return default;
        if (!DateTimeOffset.TryParseExact(value, IssuedFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset issued))
            Fault(HeaderNames.Issued, $"'{RequestSyntax.Printable(value)}' is not a time; write ISO 8601 in UTC to the second, like 2025-01-31T12:00:00Z");
        return issued;
    }

    private UInt128 ReadNonce()
    {
        if (!Required(HeaderNames.Nonce, "add 'nonce:' with 32 hex digits, fresh for every request", out string value))
            return default;
        if (value.Length != 32 || !UInt128.TryParse(value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 nonce))
        {
            Fault(HeaderNames.Nonce, $"'{RequestSyntax.Printable(value)}' is not a nonce; write exactly 32 hex digits");
            return default;
        }
        return nonce;
    }

    private Uri? ReadUrl(bool needed)
    {
        if (!Present(HeaderNames.Url, needed, "add 'url:' with the http or https address of the module's bundle", out string value))
            return null;
        if (Uri.TryCreate(value, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && !value.Contains(' ', StringComparison.Ordinal))
            return url;
        Fault(HeaderNames.Url, $"'{RequestSyntax.Printable(value)}' is not an address to download from; write a complete http:// or https:// URL");
        return null;
    }

    private ReadOnlyMemory<byte>? ReadChecksum(bool needed)
    {
        const int HexDigits = 64;
        if (!Present(HeaderNames.Checksum, needed, "add 'checksum: sha256:HEX' with the output of sha256sum for the bundle", out string value))
            return null;
        if (value.StartsWith(ChecksumPrefix, StringComparison.Ordinal) && value.Length == ChecksumPrefix.Length + HexDigits && value.AsSpan(ChecksumPrefix.Length).IndexOfAnyExcept(s_hexDigits) < 0)
            return Convert.FromHexString(value.AsSpan(ChecksumPrefix.Length));
        Fault(HeaderNames.Checksum, $"'{RequestSyntax.Printable(value)}' is not a checksum; write 'sha256:' and {HexDigits} hex digits");
        return null;
    }

    private int ReadTtl()
    {
        if (!_values.TryGetValue(HeaderNames.Ttl, out string? value))
            return NetServRequest.DefaultTtlSeconds;
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) || seconds is < 1 or > NetServRequest.MaxTtlSeconds)
            Fault(HeaderNames.Ttl, $"'{RequestSyntax.Printable(value)}' is not a time to live; write seconds from 1 to {NetServRequest.MaxTtlSeconds}");
        return seconds;
    }

    private Dictionary<string, string> ReadProperties()
    {
        Dictionary<string, string> properties = new(StringComparer.Ordinal);
        foreach (string entry in ListEntries(HeaderNames.Properties))
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? "" : entry[..equals].Trim(' ');
            if (key.Length == 0)
                Fault(HeaderNames.Properties, $"'{RequestSyntax.Printable(entry)}' is not a property; write key=value, separated by commas");
            else if (!properties.TryAdd(key, entry[(equals + 1)..].Trim(' ')))
                Fault(HeaderNames.Properties, $"The property '{RequestSyntax.Printable(key)}' is there twice; leave one");
        }
        return properties;
    }

    private List<ModuleId> ReadDependencies()
    {
        List<ModuleId> dependencies = [];
        foreach (string entry in ListEntries(HeaderNames.Dependencies))
        {
            if (!ModuleId.TryParse(entry, out ModuleId id))
                Fault(HeaderNames.Dependencies, $"'{RequestSyntax.Printable(entry)}' is not a module id; write name or name_version, separated by commas");
            else if (!dependencies.Contains(id))
                dependencies.Add(id);
        }
        return dependencies;
    }

    private ReadOnlyMemory<byte>? ReadSignature()
    {
        if (!_values.TryGetValue(HeaderNames.Signature, out string? value))
            return null;
        byte[] bytes = new byte[value.Length];
        if (value.Length > 0 && !value.Contains(' ', StringComparison.Ordinal) && Convert.TryFromBase64String(value, bytes, out int length))
            return bytes.AsMemory(0, length);
        Fault(HeaderNames.Signature, "The signature is not base64; write the DER signature in base64 on one line");
        return null;
    }

    private IEnumerable<string> ListEntries(string name) =>
        _values.TryGetValue(name, out string? value) ? value.Split(',').Select(entry => entry.Trim(' ')).Where(entry => entry.Length > 0) : [];

    private bool Required(string name, string remedy, out string value) => Present(name, needed: true, remedy, out value);

    private bool Present(string name, bool needed, string remedy, out string value)
    {
        value = _values.GetValueOrDefault(name, "");
        if (value.Length > 0)
            return true;
        if (needed)
            Fault(RequestError.MissingHeader, name, $"The header '{name}' is missing or empty; {remedy}");
        return false;
    }

    private void Fault(string field, string text) => Fault(RequestError.MalformedHeader, field, text);

    private void Fault(RequestError code, string field, string text) => _faults.Add(new RequestRefusal(code, field, text + "."));
}

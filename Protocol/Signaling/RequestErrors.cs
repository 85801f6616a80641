using System.Diagnostics.CodeAnalysis;

namespace NetServ.Signaling;

/// <summary>Code words and status classes of <see cref="RequestError"/>.</summary>
public static class RequestErrors
{
    /// <summary>Status class of a success (RFC 5973, information code object).</summary>
    public const int Success = 2;

    private const int ProtocolError = 3;
    private const int TransientFailure = 4;
    private const int PermanentFailure = 5;

    private static readonly Dictionary<RequestError, (string Word, int Class)> s_table = new()
    {
        [RequestError.MalformedRequest] = ("malformed-request", ProtocolError),
        [RequestError.MissingHeader] = ("missing-header", ProtocolError),
        [RequestError.MalformedHeader] = ("malformed-header", ProtocolError),
        [RequestError.UnsupportedCommand] = ("unsupported-command", ProtocolError),
        [RequestError.Unsigned] = ("unsigned", PermanentFailure),
        [RequestError.BadSignature] = ("bad-signature", PermanentFailure),
        [RequestError.Replayed] = ("replayed", PermanentFailure),
        [RequestError.Stale] = ("stale", PermanentFailure),
        [RequestError.UnknownUser] = ("unknown-user", PermanentFailure),
        [RequestError.PrefixNotAllowed] = ("prefix-not-allowed", PermanentFailure),
        [RequestError.UnreachableUrl] = ("unreachable-url", TransientFailure),
        [RequestError.NotABundle] = ("not-a-bundle", PermanentFailure),
        [RequestError.BundleTooLarge] = ("bundle-too-large", PermanentFailure),
        [RequestError.WrongChecksum] = ("wrong-checksum", PermanentFailure),
        [RequestError.MissingDependency] = ("missing-dependency", PermanentFailure),
        [RequestError.ModuleStartFailed] = ("module-start-failed", PermanentFailure),
        [RequestError.ModuleNotInstalled] = ("module-not-installed", PermanentFailure),
        [RequestError.OlderVersion] = ("older-version", PermanentFailure),
        [RequestError.Overtaken] = ("overtaken", TransientFailure),
        [RequestError.NoNode] = ("no-node", TransientFailure),
        [RequestError.NoSwitch] = ("no-switch", TransientFailure),
        [RequestError.QuotaExceeded] = ("quota-exceeded", TransientFailure),
        [RequestError.Internal] = ("internal", TransientFailure),
    };

    private static readonly Dictionary<string, RequestError> s_byWord =
        s_table.ToDictionary(row => row.Value.Word, row => row.Key, StringComparer.Ordinal);

    /// <summary>The word that stands for the error on the wire and on the command line, "prefix-not-allowed".</summary>
    public static string CodeWord(RequestError code) => s_table[code].Word;

    /// <summary>Status class of RFC 5973: 3 protocol error, 4 transient failure, 5 permanent failure.</summary>
    public static int StatusClass(RequestError code) => s_table[code].Class;

    /// <summary>Reads a code word.</summary>
    public static bool TryParse([NotNullWhen(true)] string? word, out RequestError code)
    {
        code = default;
        return word is not null && s_byWord.TryGetValue(word, out code);
    }
}

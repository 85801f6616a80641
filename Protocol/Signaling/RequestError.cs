namespace NetServ.Signaling;

/// <summary>Every way in which a request can be refused. <see cref="RequestErrors"/> gives code word and status class.</summary>
public enum RequestError
{
    /// <summary>The text is no request: its line, encoding, size or structure is wrong.</summary>
    MalformedRequest = 1,

    /// <summary>A header that the command needs is not there.</summary>
    MissingHeader,

    /// <summary>A header is there twice, or its value has another form or range.</summary>
    MalformedHeader,

    /// <summary>The command is part of the protocol, but not done here.</summary>
    UnsupportedCommand,

    /// <summary>There is no signature header.</summary>
    Unsigned,

    /// <summary>The signature is not the user's, or the request was changed after signing.</summary>
    BadSignature,

    /// <summary>A request with this user and nonce was taken before.</summary>
    Replayed,

    /// <summary>Issued too long ago, or in the future.</summary>
    Stale,

    /// <summary>The user is not configured.</summary>
    UnknownUser,

    /// <summary>The filter's destination does not lie within the user's prefixes.</summary>
    PrefixNotAllowed,

    /// <summary>The bundle could not be downloaded.</summary>
    UnreachableUrl,

    /// <summary>What was downloaded is not a module bundle.</summary>
    NotABundle,

    /// <summary>The bundle exceeds the size limit.</summary>
    BundleTooLarge,

    /// <summary>The bundle's SHA-256 is not the one that was signed.</summary>
    WrongChecksum,

    /// <summary>A module that the request or the bundle depends on is not there.</summary>
    MissingDependency,

    /// <summary>The module threw or did not become ready.</summary>
    ModuleStartFailed,

    /// <summary>REMOVE names a module that the user does not have.</summary>
    ModuleNotInstalled,

    /// <summary>SETUP names an older version of a module than the user has.</summary>
    OlderVersion,

    /// <summary>Another SETUP of the module came before this one was ready, and took its place.</summary>
    Overtaken,

    /// <summary>No processing node is attached.</summary>
    NoNode,

    /// <summary>No switch is connected.</summary>
    NoSwitch,

    /// <summary>A limit of the user or of the controller is reached.</summary>
    QuotaExceeded,

    /// <summary>The controller or a node failed in a way that is its own fault.</summary>
    Internal,
}

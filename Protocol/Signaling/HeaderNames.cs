namespace NetServ.Signaling;

/// <summary>The headers that have a meaning. Others are kept and signed, and mean nothing.</summary>
public static class HeaderNames
{
    /// <summary>Who asks; selects key, prefixes and container. Always required.</summary>
    public const string User = "user";

    /// <summary>When it was signed, ISO 8601 UTC to the second. Always required.</summary>
    public const string Issued = "issued";

    /// <summary>128 random bits as 32 hex digits. Always required.</summary>
    public const string Nonce = "nonce";

    /// <summary>DER signature over the canonical form, base64.</summary>
    public const string Signature = "signature";

    /// <summary>Where the bundle is downloaded. SETUP requires it.</summary>
    public const string Url = "url";

    /// <summary>SHA-256 of the bundle, "sha256:HEX". SETUP requires it.</summary>
    public const string Checksum = "checksum";

    /// <summary>Seconds until the module goes by itself.</summary>
    public const string Ttl = "ttl";

    /// <summary>Destination prefix of the packets asked for.</summary>
    public const string FilterIpv4 = "filter-ipv4";

    /// <summary>IP protocol of the packets asked for.</summary>
    public const string FilterProto = "filter-proto";

    /// <summary>Destination port of the packets asked for.</summary>
    public const string FilterPort = "filter-port";

    /// <summary>"key=value,key=value", handed to the module.</summary>
    public const string Properties = "properties";

    /// <summary>Comma-separated ids of modules that have to be there.</summary>
    public const string Dependencies = "dependencies";

    /// <summary>Where the user wants to be told; kept as it is.</summary>
    public const string Notification = "notification";

    /// <summary>Start of all filter headers.</summary>
    internal const string FilterPrefix = "filter-";
}

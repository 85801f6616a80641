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

    /// <summary>Source prefix of the packets asked for.</summary>
    public const string FilterSourceIpv4 = "filter-src-ipv4";

    /// <summary>Source port of the packets asked for.</summary>
    public const string FilterSourcePort = "filter-src-port";

    /// <summary>Which direction of a flow is asked for: forward, reverse, both.</summary>
    public const string FilterDirection = "filter-direction";

    /// <summary>Place among filters that match the same packet, 0 to 65535, lowest first.</summary>
    public const string FilterOrder = "filter-order";

    /// <summary>What becomes of packets that no node can process: open, closed. Needs a filter.</summary>
    public const string FailureMode = "failure-mode";

    /// <summary>What becomes of fragments without ports: pass, steer, drop. Needs a filter.</summary>
    public const string Fragments = "fragments";

    /// <summary>Whether one flow may be spread over nodes, if the module keeps nothing: "none" or "tos".</summary>
    public const string Spread = "spread";

    /// <summary>How flows get their rules: reactive, proactive. Needs a filter.</summary>
    public const string Steering = "steering";

    /// <summary>"key=value,key=value", handed to the module.</summary>
    public const string Properties = "properties";

    /// <summary>Comma-separated ids of modules that have to be there.</summary>
    public const string Dependencies = "dependencies";

    /// <summary>Where the user wants to be told; kept as it is.</summary>
    public const string Notification = "notification";

    /// <summary>Start of all filter headers.</summary>
    internal const string FilterPrefix = "filter-";
}

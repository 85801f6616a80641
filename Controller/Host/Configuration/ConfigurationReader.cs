using System.Globalization;
using System.Net;
using System.Text.Json;
using NetServ.Controller.Core.Admission;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Nodes;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Controller.Configuration;

/// <summary>
/// Reads the configuration, and on the way finds all that is wrong with it: each fault has its JSON path and the way out. File names are relative
/// to the configuration's folder.
/// </summary>
public sealed partial class ConfigurationReader
{
    private readonly string _folder;
    private readonly List<string> _faults = [];

    private ConfigurationReader(string folder) => _folder = folder;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, null for the defaults.</param>
    /// <param name="faults">All that is wrong; empty if the options are good.</param>
    public static ControllerOptions Read(string? path, out IReadOnlyList<string> faults)
    {
        faults = [];
        if (path is null)
            return new ControllerOptions();
        try
        {
            return ReadText(File.ReadAllText(path), Path.GetDirectoryName(Path.GetFullPath(path))!, out faults);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults = [$"--config: {e.Message}"];
            return new ControllerOptions();
        }
    }

    /// <summary>Reads text.</summary>
    /// <param name="json">The configuration; comments and trailing commas are allowed.</param>
    /// <param name="folder">Where relative file names begin.</param>
    /// <param name="faults">All that is wrong.</param>
    public static ControllerOptions ReadText(string json, string folder, out IReadOnlyList<string> faults)
    {
        ConfigurationReader reader = new(folder);
        ControllerOptions options = new();
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            options = reader.ReadRoot(document.RootElement);
        }
        catch (JsonException e)
        {
            reader.Fault("$", $"this is not JSON: {e.Message}");
        }
        faults = reader._faults;
        return options;
    }

    /// <summary>Reads HOST:PORT.</summary>
    public static bool TryReadEndpoint(string text, out IPEndPoint endpoint)
    {
        endpoint = new IPEndPoint(IPAddress.Loopback, 0);
        int colon = text.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            return false;
        string host = text[..colon].Trim('[', ']');
        if (host == "localhost")
            host = "127.0.0.1";
        if (host == "*")
            host = "0.0.0.0";
        if (!IPAddress.TryParse(host, out IPAddress? address))
            return false;
        endpoint = new IPEndPoint(address, port);
        return true;
    }

    /// <summary>Reads how frames find their way.</summary>
    public static bool TryReadForwarding(string text, out ForwardingMode mode)
    {
        mode = text == "learning" ? ForwardingMode.Learning : ForwardingMode.Routed;
        return text is "learning" or "routed";
    }

    private ControllerOptions ReadRoot(JsonElement root)
    {
        ControllerOptions options = new();
        foreach ((string name, JsonElement value, string path) in Members(root, "$"))
        {
            options = name switch
            {
                "openflow" => options with { OpenFlow = [.. Items(value, path).Select(i => OpenFlow(i.Value, i.Path))] },
                "tls" => options with { Channel = options.Channel with { Tls = Tls(value, path) } },
                "pins" => options with { Channel = options.Channel with { Pins = Pins(value, path) } },
                "limits" => Limits(options, value, path),
                "grpc" => options with { Grpc = Endpoint(value, path) },
                "http" => options with { Http = Endpoint(value, path) },
                "domain" => options with { Session = options.Session with { Domain = (ushort)Number(value, path, 0, ushort.MaxValue) } },
                "store" => options with { Store = Text(value, path) is { Length: > 0 } file ? Path.Combine(_folder, file) : null },
                "steeringVlans" => options with { Core = options.Core with { SteeringVlans = VlanRange(value, path) } },
                "forwarding" => options with { Session = options.Session with { Forwarding = Forwarding(value, path) } },
                "operatorToken" => options with { OperatorToken = Text(value, path) },
                "users" => options with { Users = [.. Items(value, path).Select(i => User(i.Value, i.Path)).OfType<UserAccount>()] },
                "nodes" => options with { Nodes = [.. Items(value, path).Select(i => Node(i.Value, i.Path))] },
                "timeouts" => Timeouts(options, value, path),
                _ => Unknown(options, path, "openflow, tls, pins, limits, grpc, http, domain, store, forwarding, steeringVlans, operatorToken, users, nodes, timeouts"),
            };
        }
        CheckNames("$.users", options.Users.Select(u => u.Name));
        CheckNames("$.nodes", options.Nodes.Select(n => n.Node.Name));
        foreach (IGrouping<string, (ConfiguredNode Node, string Token)> same in options.Nodes.Where(n => n.Token.Length > 0).GroupBy(n => n.Token).Where(g => g.Count() > 1))
            Fault("$.nodes", $"{string.Join(" and ", same.Select(n => $"'{n.Node.Name}'"))} have the same token; give each its own");
        return options with { Core = options.Core with { Nodes = [.. options.Nodes.Select(n => n.Node)], Domain = options.Session.Domain } };
    }

    private UserAccount? User(JsonElement element, string at)
    {
        string name = "";
        string? key = null;
        bool unread = false;
        List<Ipv4Prefix> prefixes = [];
        foreach ((string member, JsonElement value, string path) in Members(element, at))
        {
            switch (member)
            {
                case "name": name = Text(value, path); break;
                case "key": key = Text(value, path); break;
                case "keyFile": unread = !TryReadFile(value, path, out key); break;
                case "prefixes": prefixes = [.. Items(value, path).Select(i => Prefix(i.Value, i.Path))]; break;
                default: Unknown(0, path, "name, key, keyFile, prefixes"); break;
            }
        }
        if (name.Length == 0)
            Fault($"{at}.name", "a user needs a name");
        if (key is null)
            Fault($"{at}.keyFile", "a user needs 'keyFile' (or 'key'): his public key, as 'netserv keygen' writes it");
        else if (!unread && !IsKey(key, out string fault))
            Fault($"{at}.key", fault);
        return name.Length > 0 && key is not null ? new UserAccount(name, key, prefixes) : null;
    }

    private static bool IsKey(string pem, out string fault)
    {
        bool good = SigningKeys.TryReadPublic(pem, out System.Security.Cryptography.ECDsa? key, out string? why);
        key?.Dispose();
        fault = why ?? "";
        return good;
    }

    private (ConfiguredNode Node, string Token) Node(JsonElement element, string at)
    {
        string name = "", token = "";
        (ulong Dpid, ushort Port)? place = null;
        foreach ((string member, JsonElement value, string path) in Members(element, at))
        {
            switch (member)
            {
                case "name": name = Text(value, path); break;
                case "token": token = Text(value, path); break;
                case "tokenFile": token = TryReadFile(value, path, out string text) ? text.Trim() : ""; break;
                case "port": place = Place(value, path); break;
                default: Unknown(0, path, "name, token, tokenFile, port"); break;
            }
        }
        if (name.Length == 0)
            Fault($"{at}.name", "a node needs a name");
        if (token.Length == 0)
            Fault($"{at}.token", "a node needs 'token' or 'tokenFile': any secret text, the same as the node shows");
        return (new ConfiguredNode(name, place?.Dpid, place?.Port ?? 0), token);
    }

    private (ulong Dpid, ushort Port) Place(JsonElement element, string at)
    {
        ulong dpid = 0;
        ushort port = 0;
        foreach ((string member, JsonElement value, string path) in Members(element, at))
        {
            if (member == "dpid")
                dpid = Dpid(value, path);
            else if (member == "port")
                port = (ushort)Number(value, path, 1, 0xff00);
            else
                Unknown(0, path, "dpid, port");
        }
        if (port == 0)
            Fault($"{at}.port", "a switch port needs its number, 1..65280");
        return (dpid, port);
    }

    private ControllerOptions Timeouts(ControllerOptions options, JsonElement element, string at)
    {
        foreach ((string member, JsonElement value, string path) in Members(element, at))
        {
            options = member switch
            {
                "steeringIdleSeconds" => options with { Session = options.Session with { SteeringIdleSeconds = IdleSeconds(value, path) } },
                "bypassIdleSeconds" => options with { Session = options.Session with { BypassIdleSeconds = IdleSeconds(value, path) } },
                "forwardingIdleSeconds" => options with { Session = options.Session with { ForwardingIdleSeconds = IdleSeconds(value, path) } },
                "echoMs" => options with { Session = options.Session with { EchoAfter = Milliseconds(value, path, 1) } },
                "deadMs" => options with { Session = options.Session with { DeadAfter = Milliseconds(value, path, 1) } },
                "helloMs" => options with { Session = options.Session with { HelloWithin = Milliseconds(value, path, 1) } },
                "tableFullMs" => options with { Session = options.Session with { TableFullFor = Milliseconds(value, path, 0) } },
                "auditMs" => options with { Session = options.Session with { AuditEvery = Milliseconds(value, path, 0) } },
                "handshakeMs" => options with { Session = options.Session with { HandshakeWithin = Milliseconds(value, path, 1) } },
                "arpMs" => options with { Session = options.Session with { AnswerFor = Milliseconds(value, path, 0) } },
                "heartbeatMs" => options with { Core = options.Core with { Heartbeat = Milliseconds(value, path, 50) } },
                "setupMs" => options with { Core = options.Core with { SetupWait = Milliseconds(value, path, 1) } },
                "barrierMs" => options with { Core = options.Core with { BarrierWait = Milliseconds(value, path, 0) } },
                "graceMs" => options with { Core = options.Core with { Grace = Milliseconds(value, path, 0) } },
                "holdMs" => options with { Core = options.Core with { Hold = Milliseconds(value, path, 0) } },
                "drainMs" => options with { Core = options.Core with { Drain = Milliseconds(value, path, 0) } },
                _ => Unknown(options, path, "steeringIdleSeconds, bypassIdleSeconds, forwardingIdleSeconds, heartbeatMs, setupMs, barrierMs, graceMs, holdMs, drainMs, echoMs, deadMs, helloMs, handshakeMs, tableFullMs, auditMs, arpMs"),
            };
        }
        if (options.Session.DeadAfter <= options.Session.EchoAfter)
            Fault($"{at}.deadMs", $"{options.Session.DeadAfter} is not more than echoMs ({options.Session.EchoAfter}): a silent switch would be given up before it is asked");
        return options;
    }

    // An idle time-out of a rule has 16 bits; 0 would mean never (OpenFlow 1.0.0 section 5.3.3).
    private ushort IdleSeconds(JsonElement value, string path) => (ushort)Number(value, path, 1, ushort.MaxValue);

    private int Milliseconds(JsonElement value, string path, int least) => (int)Number(value, path, least, 3_600_000);

    private void CheckNames(string path, IEnumerable<string> names)
    {
        foreach (string name in names.Where(n => n.Length > 0).GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key))
            Fault(path, $"'{name}' is there twice; names are unique");
    }

    private bool TryReadFile(JsonElement value, string path, out string text)
    {
        text = "";
        string name = Text(value, path);
        if (value.ValueKind != JsonValueKind.String)
            return false;
        try
        {
            text = File.ReadAllText(Path.Combine(_folder, name));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Fault(path, $"'{name}' cannot be read: {e.Message}");
            return false;
        }
    }

    private ulong Dpid(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out ulong number))
            return number;
        if (value.ValueKind == JsonValueKind.String && ulong.TryParse(value.GetString()!.Replace(":", "", StringComparison.Ordinal), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out number))
            return number;
        Fault(path, "a datapath id is a number, or sixteen hex digits as text");
        return 0;
    }

    private (ushort First, ushort Last) VlanRange(JsonElement value, string path)
    {
        const int Highest = 4094;
        string text = Text(value, path);
        if (text == "none")
            return (1, 0);
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash > 0 && ushort.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out ushort first)
            && ushort.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort last) && first is > 0 && first <= last && last <= Highest)
            return (first, last);
        Fault(path, $"'{text}' is no range of VLAN ids; write two numbers from 1 to {Highest} like \"3072-4094\", or \"none\" to steer on the switch of a node only");
        return (1, 0);
    }

    private ForwardingMode Forwarding(JsonElement value, string path)
    {
        if (!TryReadForwarding(Text(value, path), out ForwardingMode mode))
            Fault(path, "\"routed\" (links are found, the network may have loops) or \"learning\" (each switch for itself) is expected here");
        return mode;
    }

    private IPEndPoint Endpoint(JsonElement value, string path)
    {
        if (!TryReadEndpoint(Text(value, path), out IPEndPoint endpoint) && value.ValueKind == JsonValueKind.String)
            Fault(path, "an address is written HOST:PORT, like \"127.0.0.1:6653\"; HOST is an IP address, localhost or *");
        return endpoint;
    }

    private Ipv4Prefix Prefix(JsonElement value, string path)
    {
        if (!Ipv4Prefix.TryParse(Text(value, path), out Ipv4Prefix prefix) && value.ValueKind == JsonValueKind.String)
            Fault(path, "a prefix is written like \"10.0.0.0/8\", with no bits set beyond its length");
        return prefix;
    }

    private string Text(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString()!;
        Fault(path, $"text is expected here, not {Kind(value)}");
        return "";
    }

    private long Number(JsonElement value, string path, long least, long most)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= least && number <= most)
            return number;
        Fault(path, $"a whole number {least}..{most} is expected here");
        return least;
    }

    private IEnumerable<(string Name, JsonElement Value, string Path)> Members(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Object)
            return element.EnumerateObject().Select(p => (p.Name, p.Value, $"{path}.{p.Name}"));
        Fault(path, $"an object is expected here, not {Kind(element)}");
        return [];
    }

    private IEnumerable<(JsonElement Value, string Path)> Items(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Array)
            return element.EnumerateArray().Select((e, i) => (e, $"{path}[{i}]"));
        Fault(path, $"a list is expected here, not {Kind(element)}");
        return [];
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private T Unknown<T>(T unchanged, string path, string known)
    {
        Fault(path, $"there is no such field; known here are {known}");
        return unchanged;
    }

    private void Fault(string path, string text) => _faults.Add($"{path}: {text}");
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace NetServ.Controller.Core.Store;

/// <summary>A module in force, as it is kept: the request as it was signed and what cannot be had from it.</summary>
/// <param name="Request">The text of the request.</param>
/// <param name="OwnerId">Its owner id, which its rules carry.</param>
/// <param name="ExpiresAt">When its time is up.</param>
/// <param name="Nodes">Names of the nodes where it runs.</param>
/// <param name="Stateless">Whether it keeps nothing from one packet to the next: what is one flow, and so which rules are right, depends on it.</param>
public sealed record ModuleRecord(string Request, uint OwnerId, DateTimeOffset ExpiresAt, string[] Nodes, bool Stateless = false);

/// <summary>A node's place, as it is kept.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Dpid">Its switch.</param>
/// <param name="Port">Its port there.</param>
/// <param name="Capacity">Its weight.</param>
/// <param name="Addresses">Its own addresses.</param>
public sealed record NodeRecord(string Name, ulong Dpid, ushort Port, uint Capacity, string[] Addresses);

/// <summary>A VLAN id that carries steered frames, as it is kept.</summary>
/// <param name="Tag">The VLAN id.</param>
/// <param name="Node">Name of the node that its frames are on their way to, empty for frames that are done with.</param>
/// <param name="Vlan">The VLAN id that they have of themselves, 0xffff for none.</param>
public sealed record TagRecord(ushort Tag, string Node, ushort Vlan);

/// <summary>A link between two switches, as it is kept.</summary>
/// <param name="Dpid">The switch of its lower end.</param>
/// <param name="Port">The port there.</param>
/// <param name="PeerDpid">The switch of its higher end.</param>
/// <param name="PeerPort">The port there.</param>
public sealed record LinkRecord(ulong Dpid, ushort Port, ulong PeerDpid, ushort PeerPort);

/// <summary>
/// Keys and text of the records: <c>DOMAIN/modules/OWNER</c>, <c>DOMAIN/nodes/NAME</c>, <c>DOMAIN/tags/VLAN</c> and <c>DOMAIN/links/PORT</c>, JSON.
/// </summary>
public static class Records
{
    /// <summary>What all keys of a domain begin with.</summary>
    public static string PrefixOf(ushort domain) => string.Create(CultureInfo.InvariantCulture, $"{domain:x4}/");

    /// <summary>Key of a module.</summary>
    public static string ModuleKey(ushort domain, uint ownerId) => string.Create(CultureInfo.InvariantCulture, $"{PrefixOf(domain)}modules/{ownerId:x8}");

    /// <summary>Key of a node.</summary>
    public static string NodeKey(ushort domain, string name) => $"{PrefixOf(domain)}nodes/{name}";

    /// <summary>Key of a tag.</summary>
    public static string TagKey(ushort domain, ushort tag) => string.Create(CultureInfo.InvariantCulture, $"{PrefixOf(domain)}tags/{tag}");

    /// <summary>Key of a link by its lower end.</summary>
    public static string LinkKey(ushort domain, string end) => $"{PrefixOf(domain)}links/{end}";

    /// <summary>Whether a key is that of a link.</summary>
    public static bool IsLink(string key) => key.AsSpan(5).StartsWith("links/");

    /// <summary>Whether a key is that of a tag.</summary>
    public static bool IsTag(string key) => key.AsSpan(5).StartsWith("tags/");

    /// <summary>Whether a key is that of a module.</summary>
    public static bool IsModule(string key) => key.AsSpan(5).StartsWith("modules/");

    /// <summary>Whether a key is that of a node.</summary>
    public static bool IsNode(string key) => key.AsSpan(5).StartsWith("nodes/");

    /// <summary>The text of a record.</summary>
    public static string Write<T>(T record) => JsonSerializer.Serialize(record);

    /// <summary>Reads a record's text; false if it is none.</summary>
    public static bool TryRead<T>(string text, [NotNullWhen(true)] out T? record)
        where T : class
    {
        try
        {
            record = JsonSerializer.Deserialize<T>(text);
        }
        catch (JsonException)
        {
            record = null;
        }
        return record is not null;
    }
}

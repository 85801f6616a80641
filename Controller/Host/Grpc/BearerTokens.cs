using System.Security.Cryptography;
using System.Text;
using Grpc.Core;

namespace NetServ.Controller.Grpc;

/// <summary>Tokens of the <c>authorization: Bearer TOKEN</c> header.</summary>
internal static class BearerTokens
{
    private const string Prefix = "Bearer ";

    /// <summary>The token that a call shows, empty for none.</summary>
    public static string Of(ServerCallContext context)
    {
        string header = context.RequestHeaders.GetValue("authorization") ?? "";
        return header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? header[Prefix.Length..].Trim() : "";
    }

    /// <summary>Whether two tokens are the same; takes the same time wherever they differ.</summary>
    public static bool AreEqual(string a, string b) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(a)), SHA256.HashData(Encoding.UTF8.GetBytes(b)));
}

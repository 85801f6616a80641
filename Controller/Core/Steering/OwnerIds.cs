using System.Security.Cryptography;
using System.Text;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Steering;

/// <summary>Owner ids: the same request gets the same id after a restart, so that its rules are known again.</summary>
public static class OwnerIds
{
    /// <summary>
    /// The id of what a SETUP asks for: a hash of user, module, bundle, filter and properties, counted up while <paramref name="isTaken"/>. Never
    /// zero.
    /// </summary>
    public static uint Choose(NetServRequest request, Func<uint, bool> isTaken)
    {
        uint id = Hash(request);
        while (id == 0 || isTaken(id))
            id++;
        return id;
    }

    private static uint Hash(NetServRequest request)
    {
        StringBuilder text = new();
        text.Append(request.User).Append('\n').Append(request.Module).Append('\n').Append(request.Url?.OriginalString).Append('\n')
            .Append(request.BundleChecksum is { } sum ? Convert.ToHexString(sum.Span) : "").Append('\n').Append(request.Filter).Append('\n');
        foreach ((string name, string value) in request.Properties.OrderBy(p => p.Key, StringComparer.Ordinal))
            text.Append(name).Append('=').Append(value).Append('\n');
        foreach (ModuleId dependency in request.Dependencies)
            text.Append(dependency).Append('\n');
        return BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

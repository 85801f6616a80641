using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Admission;

/// <summary>All users, checked; an immutable model that is replaced whole.</summary>
public sealed class UserDirectory
{
    private readonly FrozenDictionary<string, UserAccount> _users;

    private UserDirectory(FrozenDictionary<string, UserAccount> users) => _users = users;

    /// <summary>Nobody.</summary>
    public static UserDirectory Empty { get; } = new(FrozenDictionary<string, UserAccount>.Empty);

    /// <summary>Number of users.</summary>
    public int Count => _users.Count;

    /// <summary>Checks the accounts; on failure <paramref name="faults"/> has a sentence for each fault of each.</summary>
    public static bool TryCreate(IEnumerable<UserAccount> accounts, [NotNullWhen(true)] out UserDirectory? directory, out IReadOnlyList<string> faults)
    {
        Dictionary<string, UserAccount> users = new(StringComparer.Ordinal);
        List<string> found = [];
        foreach (UserAccount account in accounts)
        {
            if (account.Name.Length == 0)
                found.Add("A user has no name; give each one.");
            else if (!users.TryAdd(account.Name, account))
                found.Add($"The user '{account.Name}' is there twice; leave one.");
            if (SigningKeys.TryReadPublic(account.PublicKeyPem, out ECDsa? key, out string? fault))
                key.Dispose();
            else
                found.Add($"The public key of user '{account.Name}' cannot be used: {fault}.");
        }
        faults = found;
        directory = found.Count == 0 ? new UserDirectory(users.ToFrozenDictionary(StringComparer.Ordinal)) : null;
        return directory is not null;
    }

    /// <summary>The user of that name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out UserAccount? account) => _users.TryGetValue(name, out account);
}

using System.Diagnostics.CodeAnalysis;

namespace NetServ.Signaling;

/// <summary>
/// A module's id on the request line, "NetServ.Modules.Mark_1.0.0": symbolic name and version, split at the first underscore.
/// </summary>
/// <param name="Name">Symbolic name: a letter, then letters, digits, dots and hyphens.</param>
/// <param name="Version">Version: a digit, then letters, digits, dots, hyphens and plus signs; null where any version is meant.</param>
public readonly record struct ModuleId(string Name, string? Version)
{
    /// <summary>Longest id accepted, in characters.</summary>
    public const int MaxLength = 200;

    /// <summary>Whether <paramref name="other"/> is meant by this id: same name, and same version unless this id leaves it open.</summary>
    public bool Covers(ModuleId other) =>
        string.Equals(Name, other.Name, StringComparison.Ordinal) && (Version is null || string.Equals(Version, other.Version, StringComparison.Ordinal));

    /// <summary>Reads NAME or NAME_VERSION.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ModuleId id)
    {
        id = default;
        if (text is null || text.Length > MaxLength)
            return false;
        int underscore = text.IndexOf('_');
        string name = underscore < 0 ? text : text[..underscore];
        string? version = underscore < 0 ? null : text[(underscore + 1)..];
        if (!IsName(name) || (version is not null && !IsVersion(version)))
            return false;
        id = new ModuleId(name, version);
        return true;
    }

    /// <summary>The id as the request line has it.</summary>
    public override string ToString() => Version is null ? Name : $"{Name}_{Version}";

    private static bool IsName(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');

    private static bool IsVersion(string text) =>
        text.Length > 0 && char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+');
}

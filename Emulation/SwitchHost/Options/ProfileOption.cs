using NetServ.Emulation.Switch.Profiles;

namespace NetServ.SwitchHost.Options;

/// <summary>--profile: the name of a profile, or a file with one.</summary>
internal static class ProfileOption
{
    /// <summary>The names, for people.</summary>
    public static string Names => string.Join(", ", NamedProfiles.All.Select(p => p.Name));

    /// <summary>The profile; null when none is asked for, or with a fault.</summary>
    public static SwitchProfile? Read(string? text, List<string> faults)
    {
        if (text is null)
            return null;
        if (NamedProfiles.Find(text) is { } named)
            return named;
        try
        {
            ProfileReader reader = new();
            SwitchProfile written = reader.Read(Path.GetFileNameWithoutExtension(text), File.ReadAllText(text));
            faults.AddRange(reader.Faults.Select(fault => $"--profile {text}: {fault}"));
            return written;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            faults.Add($"--profile: '{text}' is neither one of {Names} nor a file that can be read; name one of them or a JSON file ({e.Message})");
            return null;
        }
    }
}

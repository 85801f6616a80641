using System.Globalization;
using NetServ.Emulation.Switch.Profiles;

namespace NetServ.SwitchHost.Options;

/// <summary>How the switch is worse than the specification, if at all: --profile and --seed. With <paramref name="Faults"/> it is not to be used.</summary>
internal sealed record ProfileOptions(SwitchProfile? Profile, int Seed, IReadOnlyList<string> Faults)
{
    private const int DefaultSeed = 1;

    /// <summary>The profiles that have a name, for people.</summary>
    public static string Names => string.Join(", ", NamedProfiles.All.Select(p => p.Name));

    /// <summary>Reads both texts, null where nothing was written. Buffers and table size that are asked for by options of their own are not the profile's.</summary>
    public static ProfileOptions Read(string? profile, string? seed, bool ownBuffers, bool ownTableSize)
    {
        List<string> faults = [];
        SwitchProfile? read = profile is null ? null : ReadProfile(profile, faults);
        if (read is not null)
            read = read with { Buffers = ownBuffers ? null : read.Buffers, TableSize = ownTableSize ? null : read.TableSize };
        int number = DefaultSeed;
        if (seed is not null && !int.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            faults.Add($"--seed: '{seed}' is not a number from 0 to {int.MaxValue}");
        return new ProfileOptions(read, number, faults);
    }

    private static SwitchProfile? ReadProfile(string text, List<string> faults)
    {
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

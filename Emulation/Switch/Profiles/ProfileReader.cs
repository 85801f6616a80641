using System.Globalization;
using System.Text.Json;

namespace NetServ.Emulation.Switch.Profiles;

/// <summary>Reads a profile that a person wrote as JSON, and gathers every fault on the way.</summary>
/// <example><code>{ "tableSize": 1500, "rulesPerSecond": 250, "installDelayMs": [0, 400], "order": "acrossBarriers", "barrierLeadMs": 400 }</code></example>
public sealed class ProfileReader
{
    private const string Fields = "tableSize, rulesPerSecond, occupancySlowdown, shiftMicroseconds, installDelayMs, order, barrierLeadMs, buffers, bufferSeconds, packetInsPerSecond, counterSeconds";
    private const string Unbounded = "unbounded";
    private const int LongestMilliseconds = 3_600_000;

    private readonly List<string> _faults = [];
    private TimeSpan? _bufferLifetime;

    /// <summary>One sentence each, with the field and what to write instead.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The profile; not to be used when there are faults.</summary>
    public SwitchProfile Read(string name, string json)
    {
        SwitchProfile profile = new() { Name = name };
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                _faults.Add($"a profile is a JSON object with any of {Fields}");
            else
                foreach (JsonProperty field in document.RootElement.EnumerateObject())
                    profile = Take(profile, field.Name, field.Value);
        }
        catch (JsonException e)
        {
            _faults.Add($"not JSON: {e.Message}");
        }
        Check(profile);
        return profile.Buffers is null ? profile : profile with { Buffers = profile.Buffers with { Lifetime = _bufferLifetime } };
    }

    private SwitchProfile Take(SwitchProfile profile, string name, JsonElement value)
    {
        switch (name)
        {
            case "tableSize": return profile with { TableSize = (int)Number(name, value, 1, 10_000_000, whole: true) };
            case "rulesPerSecond": return profile with { RulesPerSecond = Number(name, value, 0.01, 1e6) };
            case "occupancySlowdown": return profile with { OccupancySlowdown = Number(name, value, 0, 1e6) };
            case "shiftMicroseconds": return profile with { ShiftTime = TimeSpan.FromMicroseconds(Number(name, value, 0, 1e6)) };
            case "installDelayMs": return Delay(profile, value);
            case "order": return profile with { Order = Order(value) };
            case "barrierLeadMs": return profile with { BarrierLead = Lead(value) };
            case "buffers": return profile with { Buffers = new BufferProfile((int)Number(name, value, 0, 65535, whole: true)) };
            case "bufferSeconds":
                _bufferLifetime = TimeSpan.FromSeconds(Number(name, value, 0.001, 1e6));
                return profile;
            case "packetInsPerSecond": return profile with { PacketInsPerSecond = (int)Number(name, value, 1, 10_000_000, whole: true) };
            case "counterSeconds": return profile with { CounterInterval = TimeSpan.FromSeconds(Number(name, value, 0.001, 3600)) };
            default:
                _faults.Add($"there is no field {name}; there are {Fields}");
                return profile;
        }
    }

    private void Check(SwitchProfile profile)
    {
        if (_bufferLifetime is not null && profile.Buffers is null or { Count: 0 })
            _faults.Add("bufferSeconds says how long frames are kept, and there are no buffers; give buffers a number or leave bufferSeconds out");
        if (profile is { OccupancySlowdown: > 0, RulesPerSecond: null })
            _faults.Add("occupancySlowdown slows rulesPerSecond down, which is missing; write both");
        if (profile is { Order: InstallOrder.AcrossBarriers, BarrierLead.Ticks: 0 })
            _faults.Add($"order acrossBarriers has no effect with barriers that wait for the hardware; give barrierLeadMs a number or \"{Unbounded}\", or write betweenBarriers");
    }

    private SwitchProfile Delay(SwitchProfile profile, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 2)
        {
            _faults.Add("installDelayMs: write the shortest and the longest delay in milliseconds, like [0, 400]");
            return profile;
        }
        double shortest = Number("installDelayMs", value[0], 0, LongestMilliseconds), longest = Number("installDelayMs", value[1], 0, LongestMilliseconds);
        if (shortest > longest)
            _faults.Add($"installDelayMs: the shortest delay comes first, not {value.GetRawText()}");
        return profile with { ShortestDelay = TimeSpan.FromMilliseconds(shortest), LongestDelay = TimeSpan.FromMilliseconds(longest) };
    }

    private InstallOrder Order(JsonElement value)
    {
        switch (value.ValueKind == JsonValueKind.String ? value.GetString() : null)
        {
            case "arrival": return InstallOrder.Arrival;
            case "betweenBarriers": return InstallOrder.BetweenBarriers;
            case "acrossBarriers": return InstallOrder.AcrossBarriers;
            default:
                _faults.Add($"order: {value.GetRawText()} is none; write \"arrival\", \"betweenBarriers\" or \"acrossBarriers\"");
                return InstallOrder.Arrival;
        }
    }

    private TimeSpan Lead(JsonElement value) => value.ValueKind == JsonValueKind.String && value.ValueEquals(Unbounded)
        ? SwitchProfile.UnboundedLead
        : TimeSpan.FromMilliseconds(Number("barrierLeadMs", value, 0, LongestMilliseconds, $" or \"{Unbounded}\""));

    private double Number(string name, JsonElement value, double least, double most, string or = "", bool whole = false)
    {
        if (value.ValueKind == JsonValueKind.Number && value.GetDouble() is double number && number >= least && number <= most && (!whole || Math.Floor(number) == number))
            return number;
        _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {value.GetRawText()} is not a {(whole ? "whole " : "")}number from {least} to {most}{or}"));
        return least;
    }
}

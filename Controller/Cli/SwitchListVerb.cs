using System.CommandLine;

namespace NetServ.Cli;

/// <summary>A verb that lists what is on the switches, or on one of them.</summary>
internal abstract class SwitchListVerb : ControllerVerb
{
    private readonly Option<string> _dpid;
    private readonly Option<bool> _json;

    /// <summary>A verb with the options that these have.</summary>
    protected SwitchListVerb(string name, string description)
        : base(name, description)
    {
        _dpid = AddText("--dpid", "N", "only this switch, as the listings show it");
        _json = AddFlag("--json", "write a JSON array");
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> Faults(ParseResult options, CliEnvironment environment)
    {
        foreach (string fault in base.Faults(options, environment))
            yield return fault;
        if (Text(options, _dpid) is { } text && !Formats.TryReadDpid(text, out _))
            yield return Formats.NoDpid("--dpid", text);
    }

    /// <summary>The one switch, null for all.</summary>
    protected ulong? Dpid(ParseResult options) => Text(options, _dpid) is { } text && Formats.TryReadDpid(text, out ulong dpid) ? dpid : null;

    /// <summary>Writes the list as a table or as JSON.</summary>
    protected void Write<T>(ParseResult options, CliEnvironment environment, IReadOnlyCollection<T> rows, string none, params IReadOnlyList<Column<T>> columns) =>
        Listing.Write(environment, Given(options, _json), rows, none, columns);
}

using System.CommandLine;
using NetServ.Signaling;

namespace NetServ.Cli.Verbs;

/// <summary>Sends a signed REMOVE.</summary>
internal sealed class RemoveVerb() : RequestVerb(RequestCommand.Remove, "remove", "Sends a signed REMOVE: takes the user's module away; its flows go straight again.")
{
    /// <inheritdoc/>
    protected override IReadOnlyList<Option<string>> HeaderOptions => [];
}

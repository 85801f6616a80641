using System.CommandLine;
using System.Globalization;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Lists the installed modules.</summary>
internal sealed class ModulesVerb : ControllerVerb
{
    private readonly Option<bool> _json;

    internal ModulesVerb()
        : base("modules", "Lists the installed modules: whose, for which packets, where, how long still.") => _json = AddFlag("--json", "write a JSON array");

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        ListModulesReply reply = await connection.Client.ListModulesAsync(new ListModulesRequest(), connection.Soon(stop));
        Listing.Write(
            environment,
            Given(options, _json),
            reply.Modules,
            "No module is installed; 'netserv setup' installs one.",
            new Column<ModuleInfo>("OWNER", "ownerId", module => module.OwnerId, module => $"{module.OwnerId:x8}"),
            new("USER", "user", module => module.User),
            new("MODULE", "moduleId", module => module.ModuleId),
            new("FILTER", "filter", module => module.Filter, module => module.Filter.Length == 0 ? "no packets" : module.Filter),
            new("TERMS", "terms", Terms, TermsText),
            new("STATE", "state", module => module.State),
            new("TTL", "ttlLeftSeconds", module => module.TtlLeftS, module => $"{module.TtlLeftS} s"),
            new("NODES", "nodes", module => module.Nodes.ToArray(), module => string.Join(", ", module.Nodes)),
            new("COUNTERS", "counters", module => module.Counters.ToDictionary(), module => Formats.Counters(module.Counters)));
        return ExitCode.Success;
    }

    private static object Terms(ModuleInfo module) => new
    {
        order = module.Order,
        direction = module.Direction,
        failureMode = module.FailureMode,
        stateless = module.Stateless,
        fragments = module.Fragments,
        steering = module.Steering,
        parts = module.Parts,
        shareError = module.ShareError,
    };

    // What is as it is without being asked for is left out, but for what every operator asks.
    private static string TermsText(ModuleInfo module)
    {
        if (module.Direction.Length == 0)
            return "-";
        List<string> terms = [$"order {module.Order}", module.Direction, $"fail-{module.FailureMode}", module.Stateless ? "stateless" : "stateful"];
        if (module.Fragments != "pass")
            terms.Add($"fragments {module.Fragments}");
        if (module.Steering != "reactive")
            terms.Add(SteeringText(module));
        return string.Join('\n', terms);
    }

    // Where it is not divided, its owner asked for something that it does not have.
    private static string SteeringText(ModuleInfo module) => module.Parts == 0
        ? $"{module.Steering}, but flow by flow"
        : string.Create(CultureInfo.InvariantCulture, $"{module.Steering} in {module.Parts} parts, {module.ShareError * 100:0.0} % off the weights");
}

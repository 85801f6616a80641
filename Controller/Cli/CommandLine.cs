using System.CommandLine;
using System.CommandLine.Parsing;
using NetServ.Cli.Verbs;

namespace NetServ.Cli;

/// <summary>The verbs of the command line, and how one of them is run.</summary>
public static class CommandLine
{
    /// <summary>
    /// Runs one verb: 0 done, 1 refused or failed, 2 bad options, all of them named. Cancelling <paramref name="stop"/> ends it.
    /// </summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliEnvironment environment, CancellationToken stop)
    {
        Verb[] verbs =
        [
            new KeygenVerb(),
            new SetupVerb(),
            new RemoveVerb(),
            new NodesVerb(),
            new ModulesVerb(),
            new FlowsVerb(),
            new SwitchesVerb(),
            new LinksVerb(),
            new HostsVerb(),
            new TraceVerb(),
            new CheckVerb(),
            new RecallVerb(),
            new NodeDrainVerb(),
            new NodeResumeVerb(),
            new CleanVerb(),
            new WatchVerb(),
            new DecodeVerb(),
            new DoctorVerb(),
        ];
        RootCommand root = new("Speaks to a NetServ controller, and helps with keys and OpenFlow messages.") { HelpName = "netserv" };
        // What 'netserv node' does without one of these words is another program's.
        Command node = new("node", "Takes a processing node out of service, or puts it back.");
        foreach (Verb verb in verbs)
            (verb is NodeVerb ? node : root).Add(verb.Command);
        root.Add(node);
        // No response files: an argument that starts with '@' is what it looks like.
        ParseResult options = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        Verb? chosen = verbs.FirstOrDefault(verb => verb.Command == options.CommandResult.Command);
        bool askedForHelp = options.Action is not null && options.Action != chosen?.Command.Action && options.Errors.Count == 0;
        if (askedForHelp)
            return await options.InvokeAsync(new InvocationConfiguration { Output = environment.Out, Error = environment.Error }, stop);
        // What is wrong with arguments the verbs tell better.
        IEnumerable<ParseError> ofParser = options.Errors.Where(error => error.SymbolResult is not ArgumentResult { Parent: CommandResult });
        string[] faults = [.. ofParser.Select(error => error.Message), .. chosen?.Faults(options, environment) ?? []];
        if (chosen is null || faults.Length > 0)
            return await ReportFaultsAsync(chosen, faults, environment);
        return await RunChosenAsync(chosen, options, environment, stop);
    }

    private static async Task<int> RunChosenAsync(Verb verb, ParseResult options, CliEnvironment environment, CancellationToken stop)
    {
        try
        {
            return await verb.RunAsync(options, environment, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Failure;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await environment.Error.WriteLineAsync($"netserv {verb.Name}: {e.Message}");
            return ExitCode.Failure;
        }
    }

    private static async Task<int> ReportFaultsAsync(Verb? verb, string[] faults, CliEnvironment environment)
    {
        string name = verb is null ? "netserv" : $"netserv {verb.Name}";
        foreach (string fault in faults.Distinct())
            await environment.Error.WriteLineAsync($"{name}: {fault}");
        await environment.Error.WriteLineAsync($"'{name} --help' tells the options");
        return ExitCode.BadOptions;
    }
}

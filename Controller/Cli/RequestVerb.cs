using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using NetServ.Coordination;
using NetServ.Signaling;

namespace NetServ.Cli;

/// <summary>A verb that signs a request and sends it: what SETUP and REMOVE have in common.</summary>
internal abstract class RequestVerb : ControllerVerb
{
    private const int DefaultWaitSeconds = 10;
    private const int MostWaitSeconds = 600;

    private readonly RequestCommand _command;
    private readonly Option<string> _key;
    private readonly Option<string> _user;
    private readonly Option<string> _module;
    private readonly Option<string> _request;
    private readonly Option<string> _wait;
    private readonly Option<bool> _dryRun;
    private readonly Option<bool> _print;

    /// <summary>A verb for one command.</summary>
    protected RequestVerb(RequestCommand command, string name, string description)
        : base(name, description)
    {
        _command = command;
        _user = AddText("--user", "NAME", "who signs");
        _key = AddText("--key", "FILE", "the user's private key, PEM");
        _module = AddText("--module", "ID", "the module's id, like NetServ.Modules.Mark_1.0.0");
        _request = AddText("--request", "FILE", "send this signed text as it is ('-': standard input) instead of making one");
        _dryRun = AddFlag("--dry-run", "have everything checked and nothing changed");
        _print = AddFlag("--print", "print the signed request and send nothing");
        _wait = AddText("--wait", "SECONDS", $"wait so long at most until it is done (default {DefaultWaitSeconds})");
    }

    /// <summary>The options that make a request, beside key, user and module.</summary>
    protected abstract IReadOnlyList<Option<string>> HeaderOptions { get; }

    // Those that become headers.
    private IEnumerable<Option<string>> SentOptions => HeaderOptions.Prepend(_user);

    /// <summary>Headers that the person must give.</summary>
    protected virtual IReadOnlyList<string> RequiredHeaders => [HeaderNames.User];

    /// <summary>Options that make no sense with a ready-made text.</summary>
    protected virtual IEnumerable<Option<string>> MakingOptions => [_user, _key, _module, .. HeaderOptions];

    /// <inheritdoc/>
    internal override IEnumerable<string> Faults(ParseResult options, CliEnvironment environment)
    {
        foreach (string fault in base.Faults(options, environment))
            yield return fault;
        if (Text(options, _wait) is { } wait && WaitSeconds(options) is null)
            yield return $"--wait: '{wait}' is not a time to wait; write seconds from 1 to {MostWaitSeconds}";
        foreach (string fault in Text(options, _request) is { } file ? FaultsOfReadyMade(options, file) : FaultsOfParts(options))
            yield return fault;
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        byte[]? request = Text(options, _request) is { } file
            ? await ReadFileAsync(file, environment, stop)
            : await SignAsync(options, environment, stop);
        if (request is null)
            return ExitCode.Failure;
        if (Given(options, _print))
        {
            await environment.Out.WriteAsync(Encoding.UTF8.GetString(request));
            return ExitCode.Success;
        }
        return await SendAsync(options, environment, connection, request, stop);
    }

    /// <summary>The checksum header where the person did not give it: null and a line on the error stream if there is none to be had.</summary>
    protected virtual Task<RequestHeader?> CompleteAsync(ParseResult options, CliEnvironment environment, CancellationToken stop) =>
        Task.FromResult<RequestHeader?>(null);

    /// <summary>Whether <see cref="CompleteAsync"/> has something to add.</summary>
    protected virtual bool NeedsCompletion(ParseResult options) => false;

    private static async Task<byte[]> ReadFileAsync(string file, CliEnvironment environment, CancellationToken stop) =>
        file == "-" ? Encoding.UTF8.GetBytes(await environment.In.ReadToEndAsync(stop)) : await File.ReadAllBytesAsync(file, stop);

    private async Task<byte[]?> SignAsync(ParseResult options, CliEnvironment environment, CancellationToken stop)
    {
        List<RequestHeader> headers = Headers(options);
        if (NeedsCompletion(options))
        {
            if (await CompleteAsync(options, environment, stop) is not { } completion)
                return null;
            headers.Add(completion);
        }
        using RequestSigner signer = new(await File.ReadAllTextAsync(Text(options, _key)!, stop), environment.Time, environment.Random);
        return signer.Sign(_command, Text(options, _module)!, headers).ToBytes();
    }

    private async Task<int> SendAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, byte[] request, CancellationToken stop)
    {
        int wait = WaitSeconds(options) ?? DefaultWaitSeconds;
        SubmitRequest message = new() { Request = UnsafeByteOperations.UnsafeWrap(request), DryRun = Given(options, _dryRun), WaitMs = (uint)wait * 1000 };
        SubmitReply reply = await connection.Client.SubmitAsync(message, connection.Soon(stop, TimeSpan.FromSeconds(wait)));
        if (reply.StatusClass != RequestErrors.Success)
        {
            await environment.Error.WriteLineAsync(reply.Field.Length == 0 ? $"{reply.Code}: {reply.Text}" : $"{reply.Code}: {reply.Text} ({reply.Field})");
            return ExitCode.Failure;
        }
        await environment.Out.WriteLineAsync($"{RequestErrors.Success} 0 0");
        await environment.Out.WriteLineAsync(reply.Text.Length > 0 ? reply.Text : Summary(reply, message.DryRun));
        return ExitCode.Success;
    }

    private string Summary(SubmitReply reply, bool dryRun)
    {
        if (dryRun)
            return "The request is good; nothing was changed.";
        if (_command == RequestCommand.Remove)
            return $"{reply.ModuleId} is removed.";
        return reply.Nodes.Count == 0 ? $"{reply.ModuleId} is accepted." : $"{reply.ModuleId} runs on {string.Join(", ", reply.Nodes)}.";
    }

    private IEnumerable<string> FaultsOfReadyMade(ParseResult options, string file)
    {
        foreach (Option<string> option in MakingOptions)
            if (Text(options, option) is not null)
                yield return $"{option.Name} cannot go with --request, whose text is signed already; leave one of them out";
        if (file != "-" && !File.Exists(file))
            yield return $"--request: there is no file '{file}'";
    }

    private IEnumerable<string> FaultsOfParts(ParseResult options)
    {
        if (Text(options, _key) is not { } key)
            yield return "--key is missing; name the private key file that 'netserv keygen' made";
        else if (FaultOfKey(key) is { } fault)
            yield return $"--key: {fault}";
        if (Text(options, _module) is null)
            yield return "--module is missing; write the module's id, like NetServ.Modules.Mark_1.0.0";
        foreach (RequestRefusal refusal in FaultsOfHeaders(options))
            yield return Describe(refusal);
    }

    // A fault that belongs to no option (the size of the whole) is told by its field.
    private string Describe(RequestRefusal refusal)
    {
        string? option = MakingOptions.Select(made => made.Name).FirstOrDefault(name => name == "--" + refusal.Field);
        if (option is null)
            return $"{refusal.Field}: {refusal.Text}";
        return refusal.Code == RequestError.MissingHeader && RequiredHeaders.Contains(refusal.Field) ? $"{option} is missing" : $"{option}: {WithOptions(refusal.Text)}";
    }

    // The text speaks of headers, the person of options.
    private string WithOptions(string text) =>
        SentOptions.Aggregate(text, (told, option) => told.Replace($"'{HeaderOf(option)}'", option.Name, StringComparison.Ordinal).Replace($"'{HeaderOf(option)}: ", $"'{option.Name} ", StringComparison.Ordinal));

    // What the program adds later is filled in here with something well formed.
    private IEnumerable<RequestRefusal> FaultsOfHeaders(ParseResult options)
    {
        List<RequestHeader> headers = [.. Headers(options), new(HeaderNames.Issued, "2000-01-01T00:00:00Z"), new(HeaderNames.Nonce, new string('0', 32))];
        if (NeedsCompletion(options))
            headers.Add(new(HeaderNames.Checksum, "sha256:" + new string('0', 64)));
        NetServRequest.TryCreate(_command, Text(options, _module) ?? "missing_0", headers, out _, out IReadOnlyList<RequestRefusal> faults);
        return faults;
    }

    private List<RequestHeader> Headers(ParseResult options)
    {
        List<RequestHeader> headers = [];
        foreach (Option<string> option in SentOptions)
            if (Text(options, option) is { } value)
                headers.Add(new RequestHeader(HeaderOf(option), value));
        return headers;
    }

    private static string HeaderOf(Option<string> option) => option.Name.TrimStart('-');

    private int? WaitSeconds(ParseResult options) =>
        int.TryParse(Text(options, _wait), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is > 0 and <= MostWaitSeconds ? seconds : null;

    private static string? FaultOfKey(string file)
    {
        try
        {
            if (!SigningKeys.TryReadPrivate(File.ReadAllText(file), out ECDsa? key, out string? fault))
                return $"'{file}' is {fault}";
            key.Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}

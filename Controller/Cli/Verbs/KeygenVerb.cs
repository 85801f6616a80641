using System.CommandLine;
using System.Text;
using NetServ.Signaling;

namespace NetServ.Cli.Verbs;

/// <summary>Makes a user's key pair.</summary>
internal sealed class KeygenVerb : Verb
{
    private readonly Option<string> _user;
    private readonly Option<string> _folder;

    internal KeygenVerb()
        : base("keygen", "Makes a signing key: NAME.key stays with the user, NAME.pub goes to the operator.")
    {
        _user = AddText("--user", "NAME", "the user's name");
        _folder = AddText("--out", "DIR", "folder for the two files, made if needed (default: the current one)");
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> Faults(ParseResult options, CliEnvironment environment)
    {
        string? user = Text(options, _user);
        if (user is null)
            yield return "--user is missing; name the user the key is for";
        else if (user.Length is 0 or > 64 || user.StartsWith('.') || !user.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@'))
            yield return $"--user: '{user}' is not a user name; use up to 64 letters, digits, '.', '-', '_' and '@', not starting with a dot";
        if (Text(options, _folder) is { Length: 0 })
            yield return "--out is empty; name a folder or leave it out";
    }

    /// <inheritdoc/>
    internal override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, CancellationToken stop)
    {
        string folder = Text(options, _folder) ?? ".";
        string privateFile = Path.Combine(folder, Text(options, _user) + ".key");
        string publicFile = Path.Combine(folder, Text(options, _user) + ".pub");
        if (new[] { privateFile, publicFile }.FirstOrDefault(Path.Exists) is { } existing)
        {
            await environment.Error.WriteLineAsync($"netserv keygen: {existing} is there already and is not overwritten; move it away or choose another --out");
            return ExitCode.Failure;
        }
        Directory.CreateDirectory(folder);
        (string privatePem, string publicPem) = SigningKeys.Create();
        await WriteNewAsync(privateFile, privatePem, UnixFileMode.UserRead | UnixFileMode.UserWrite, stop);
        await WriteNewAsync(publicFile, publicPem, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, stop);
        await environment.Out.WriteLineAsync($"{privateFile}  sign with it, keep it secret");
        await environment.Out.WriteLineAsync($"{publicFile}  give it to the operator of the controller");
        return ExitCode.Success;
    }

    // Created with its mode, so that there is no moment in which others could open it.
    private static async Task WriteNewAsync(string path, string text, UnixFileMode mode, CancellationToken stop)
    {
        FileStreamOptions how = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = mode;
        await using FileStream file = new(path, how);
        await file.WriteAsync(Encoding.ASCII.GetBytes(text), stop);
    }
}

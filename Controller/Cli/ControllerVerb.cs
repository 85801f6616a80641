using System.CommandLine;
using Grpc.Core;

namespace NetServ.Cli;

/// <summary>A verb that speaks to a controller's operator API.</summary>
internal abstract class ControllerVerb : Verb
{
    /// <summary>Where a controller listens unless it was told otherwise.</summary>
    internal const string DefaultController = "http://127.0.0.1:6690";

    private readonly Option<string> _controller;
    private readonly Option<string> _token;

    /// <summary>A verb with the options that all of them have.</summary>
    protected ControllerVerb(string name, string description)
        : base(name, description)
    {
        _controller = AddText("--controller", "URL", $"the controller (NETSERV_CONTROLLER, else {DefaultController})");
        _token = AddText("--token", "TOKEN", "operator token; better given as NETSERV_TOKEN, where other users do not see it");
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> Faults(ParseResult options, CliEnvironment environment)
    {
        string url = ControllerUrl(options, environment);
        if (!IsHttp(url))
            yield return $"--controller: '{url}' is not the address of a controller; write it like {DefaultController}";
        if (Token(options, environment) is { } token && !token.All(c => c is > ' ' and <= '~'))
            yield return "--token: the token has blanks or other characters that cannot be sent; give it without quotes and line ends";
    }

    /// <inheritdoc/>
    internal override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, CancellationToken stop)
    {
        using OperatorConnection connection = Connect(options, environment);
        try
        {
            return await RunAsync(options, environment, connection, stop);
        }
        catch (RpcException e) when (!stop.IsCancellationRequested)
        {
            foreach (string fault in connection.Explain(e).Split('\n'))
                await environment.Error.WriteLineAsync($"netserv {Name}: {fault}");
            return e.StatusCode == StatusCode.InvalidArgument ? ExitCode.BadOptions : ExitCode.Failure;
        }
    }

    /// <summary>Does it with a connection; an <see cref="RpcException"/> is explained by the caller.</summary>
    protected abstract Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop);

    /// <summary>A connection as the options say; nothing is sent yet.</summary>
    protected OperatorConnection Connect(ParseResult options, CliEnvironment environment) =>
        new(ControllerUrl(options, environment), Token(options, environment));

    /// <summary>Whether a controller was named by option or variable.</summary>
    protected bool NamesController(ParseResult options, CliEnvironment environment) =>
        (Text(options, _controller) ?? environment.Variable("NETSERV_CONTROLLER")) is not null;

    private static bool IsHttp(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private string? Token(ParseResult options, CliEnvironment environment) => Text(options, _token) ?? environment.Variable("NETSERV_TOKEN");

    private string ControllerUrl(ParseResult options, CliEnvironment environment) =>
        Text(options, _controller) ?? environment.Variable("NETSERV_CONTROLLER") ?? DefaultController;
}

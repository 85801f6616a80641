using System.Security.Authentication;
using Grpc.Core;
using Grpc.Net.Client;
using NetServ.Coordination;

namespace NetServ.Cli;

/// <summary>A controller's operator API, with the token in every call.</summary>
internal sealed class OperatorConnection : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly GrpcChannel _channel;
    private readonly Metadata _headers = [];

    /// <summary>Connects with the first call.</summary>
    /// <param name="url">The controller's address.</param>
    /// <param name="token">Operator token, null for none.</param>
    internal OperatorConnection(string url, string? token)
    {
        Url = url;
        SocketsHttpHandler handler = new() { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) };
        _channel = GrpcChannel.ForAddress(url, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        Client = new Operator.OperatorClient(_channel);
        if (token is not null)
            _headers.Add("authorization", "Bearer " + token);
    }

    /// <summary>The controller's address.</summary>
    internal string Url { get; }

    /// <summary>The calls.</summary>
    internal Operator.OperatorClient Client { get; }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    /// <summary>Options of a call that should be answered soon.</summary>
    /// <param name="stop">Ends the call.</param>
    /// <param name="workTime">How long the controller may work on it, beside the usual patience.</param>
    internal CallOptions Soon(CancellationToken stop, TimeSpan workTime = default) =>
        new(_headers, DateTime.UtcNow + s_patience + workTime, stop);

    /// <summary>Options of a call that lasts.</summary>
    internal CallOptions Lasting(CancellationToken stop) => new(_headers, cancellationToken: stop);

    /// <summary>Why a call failed and what to do: one line, but one for each fault of what was asked.</summary>
    internal string Explain(RpcException failure) => failure.StatusCode switch
    {
        _ when Causes(failure).OfType<AuthenticationException>().Any() => $"no trusted TLS connection to {Url}; check the controller's certificate, or write http:// if it has none",
        StatusCode.Internal when Causes(failure).OfType<HttpRequestException>().Any() => $"what answers at {Url} does not speak gRPC; name the controller's operator port with --controller",
        StatusCode.Unavailable => $"no controller answers at {Url}; start one with 'netserv controller', or name another with --controller",
        StatusCode.DeadlineExceeded => $"the controller at {Url} did not answer in time; try again, or look at its log",
        StatusCode.Unauthenticated or StatusCode.PermissionDenied =>
            $"the controller at {Url} does not accept the operator token; give the one of its configuration with NETSERV_TOKEN or --token",
        StatusCode.InvalidArgument => failure.Status.Detail.ReplaceLineEndings("\n").Trim(),
        StatusCode.NotFound => OneLine(failure.Status.Detail),
        StatusCode.Unimplemented => $"what answers at {Url} does not know this call; check --controller, and that both programs have the same version",
        _ => $"the controller at {Url} failed: {OneLine(failure.Status.Detail)} ({failure.StatusCode})",
    };

    private static IEnumerable<Exception> Causes(RpcException failure)
    {
        for (Exception? cause = failure.Status.DebugException; cause is not null; cause = cause.InnerException)
            yield return cause;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}

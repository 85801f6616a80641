using System.Security.Cryptography;
using System.Threading.Channels;
using Grpc.Core;
using NetServ.Controller.Configuration;
using NetServ.Controller.Core;
using NetServ.Controller.Decisions;
using NetServ.Coordination;
using NodeCommand = NetServ.Controller.Core.Nodes.NodeCommand;
using NodeGreeting = NetServ.Controller.Core.Nodes.NodeGreeting;

namespace NetServ.Controller.Grpc;

/// <summary>The nodes' end of node.proto: who a node is comes from its token, all else is Core's.</summary>
public sealed class NodeCoordinationService(ControllerOptions options, CoreLoop core, NodeStreams streams, IHostApplicationLifetime lifetime)
    : NodeCoordination.NodeCoordinationBase
{
    /// <inheritdoc/>
    public override async Task Attach(IAsyncStreamReader<NodeMessage> requestStream, IServerStreamWriter<ControllerMessage> responseStream, ServerCallContext context)
    {
        string name = NameOf(BearerTokens.Of(context));
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        if (!await requestStream.MoveNext(ending.Token) || requestStream.Current.Hello is not { } hello)
            throw new RpcException(new Status(StatusCode.InvalidArgument, "the first message is 'hello'"));
        string fault = hello.Name.Length > 0 && hello.Name != name ? $"name: the token is that of '{name}', not of '{hello.Name}'" : "";
        NodeGreeting? greeting = null;
        if (fault.Length > 0 || !NodeMapping.TryRead(hello, name, out greeting, out fault))
        {
            await responseStream.WriteAsync(new ControllerMessage { Refused = new Refused { Code = "bad-hello", Text = fault } }, CancellationToken.None);
            return;
        }
        (long streamId, ChannelReader<NodeCommand> commands) = streams.Open();
        core.Tell(new CoreInput.NodeConnected(streamId, greeting!, [.. RandomNumberGenerator.GetBytes(32)], [.. RandomNumberGenerator.GetBytes(16)]));
        string reason = "its stream ended";
        try
        {
            Task reading = ReadAsync(requestStream, streamId, ending.Token);
            Task writing = WriteAsync(commands, responseStream, ending.Token);
            await await Task.WhenAny(reading, writing);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or RpcException or InvalidOperationException)
        {
            reason = "its connection broke";
        }
        finally
        {
            await ending.CancelAsync();
            streams.End(streamId);
            // That we stop is no loss of the node: its packets go on by the rules that are on the switches.
            if (!lifetime.ApplicationStopping.IsCancellationRequested)
                core.Tell(new CoreInput.NodeGone(streamId, reason));
        }
    }

    private string NameOf(string token)
    {
        string name = "";
        foreach ((Core.Nodes.ConfiguredNode node, string expected) in options.Nodes)
        {
            if (BearerTokens.AreEqual(expected, token))
                name = node.Name;
        }
        if (name.Length == 0)
            throw new RpcException(new Status(StatusCode.Unauthenticated, "the token is not that of any node; compare the node's token with 'nodes' in the controller's configuration"));
        return name;
    }

    private async Task ReadAsync(IAsyncStreamReader<NodeMessage> stream, long streamId, CancellationToken end)
    {
        while (await stream.MoveNext(end))
        {
            if (NodeMapping.Read(stream.Current, streamId, () => [.. RandomNumberGenerator.GetBytes(16)]) is { } input)
                core.Tell(input);
        }
    }

    private static async Task WriteAsync(ChannelReader<NodeCommand> commands, IServerStreamWriter<ControllerMessage> stream, CancellationToken end)
    {
        await foreach (NodeCommand command in commands.ReadAllAsync(end))
            await stream.WriteAsync(NodeMapping.Write(command), CancellationToken.None);
    }
}

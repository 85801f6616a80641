using System.Threading.Channels;
using NetServ.Coordination;
using NetServ.Node.Containers.Lifecycle;

namespace NetServ.Node.Registration;

/// <summary>
/// Where messages for the controller are put. Without a stream they are dropped: what still counts is told by the next stream's hello.
/// </summary>
internal sealed class NodeReports
{
    private volatile ChannelWriter<NodeMessage>? _writer;

    /// <summary>Sends from now on to this stream, or nowhere.</summary>
    public void Connect(ChannelWriter<NodeMessage>? writer) => _writer = writer;

    /// <summary>Sends a message. From any thread.</summary>
    public void Send(NodeMessage message) => _writer?.TryWrite(message);

    /// <summary>Sends a module's state. From any thread.</summary>
    public void Send(ModuleStatus status) => Send(new NodeMessage { Module = Messages.Report(status) });
}

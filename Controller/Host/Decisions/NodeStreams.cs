using System.Collections.Concurrent;
using System.Threading.Channels;
using NetServ.Controller.Core.Nodes;

namespace NetServ.Controller.Decisions;

/// <summary>The open streams of nodes: what Core tells a node waits in the stream's queue until it is written.</summary>
public sealed class NodeStreams
{
    private const int QueueLimit = 10000;

    private readonly ConcurrentDictionary<long, Channel<NodeCommand>> _streams = new();
    private long _last;

    /// <summary>A new stream.</summary>
    public (long StreamId, ChannelReader<NodeCommand> Commands) Open()
    {
        long id = Interlocked.Increment(ref _last);
        Channel<NodeCommand> queue = Channel.CreateBounded<NodeCommand>(new BoundedChannelOptions(QueueLimit) { SingleReader = true });
        _streams[id] = queue;
        return (id, queue.Reader);
    }

    /// <summary>Queues a command; a node that reads none for long is cut off.</summary>
    public void Tell(long streamId, NodeCommand command)
    {
        if (_streams.TryGetValue(streamId, out Channel<NodeCommand>? queue) && !queue.Writer.TryWrite(command))
            End(streamId);
    }

    /// <summary>Ends a stream after what is queued.</summary>
    public void End(long streamId)
    {
        if (_streams.TryRemove(streamId, out Channel<NodeCommand>? queue))
            queue.Writer.TryComplete();
    }
}

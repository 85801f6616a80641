using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using NetServ.Coordination;
using NetServ.Packets;

namespace NetServ.Node.Tests.Support;

/// <summary>One stream as the controller sees it.</summary>
internal sealed class NodeStream(IServerStreamWriter<ControllerMessage> writer, string? authorization, CancellationToken cancel)
{
    public static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private readonly TaskCompletionSource _ended = new();
    private readonly Channel<NodeMessage> _messages = Channel.CreateUnbounded<NodeMessage>();

    public string? Authorization => authorization;

    public Task Ended => _ended.Task;

    /// <summary>Takes what the node says until it leaves or goes; a node that leaves has its stream ended.</summary>
    public async Task ServeAsync(IAsyncStreamReader<NodeMessage> reader)
    {
        try
        {
            while (await reader.MoveNext(cancel))
            {
                _messages.Writer.TryWrite(reader.Current);
                if (reader.Current.BodyCase == NodeMessage.BodyOneofCase.Leaving)
                    return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
        }
        finally
        {
            _messages.Writer.TryComplete();
        }
    }

    /// <summary>Ends the stream from the controller's side.</summary>
    public void End() => _ended.TrySetResult();

    public Task SendAsync(ControllerMessage message) => writer.WriteAsync(message, cancel);

    /// <summary>The next message of a kind; heartbeats and others before it are skipped. Fails after 15 s.</summary>
    public async Task<NodeMessage> ReadAsync(NodeMessage.BodyOneofCase kind)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(TimeSpan.FromSeconds(15));
        while (await _messages.Reader.WaitToReadAsync(timeout.Token))
        {
            if (_messages.Reader.TryRead(out NodeMessage? message) && message.BodyCase == kind)
                return message;
        }
        throw new EndOfStreamException($"the node ended its stream before a message of kind {kind}");
    }

    public async Task<NodeHello> HelloAsync() => (await ReadAsync(NodeMessage.BodyOneofCase.Hello)).Hello;

    /// <summary>The next report of a module in a state.</summary>
    public async Task<ModuleReport> ReportAsync(ModuleState state)
    {
        ModuleReport report;
        do
            report = (await ReadAsync(NodeMessage.BodyOneofCase.Module)).Module;
        while (report.State != state);
        return report;
    }

    public Task WelcomeAsync(uint id = 3, uint epoch = 1) => SendAsync(new ControllerMessage
    {
        Welcome = new Welcome { NodeId = id, Epoch = epoch, AttachmentKey = ByteString.CopyFrom(Key), HeartbeatMs = 100 },
    });

    public Task NonceAsync(byte fill, uint validMs = 5000) => SendAsync(new ControllerMessage
    {
        Nonce = new Nonce { Nonce_ = ByteString.CopyFrom(Filled(fill)), ValidMs = validMs },
    });

    /// <summary>Welcome, nonce, attach frame, challenge, answer, attached: what a controller does with a node that behaves.</summary>
    public async Task AttachAsync(SwitchEnd port, uint id = 3, uint epoch = 1)
    {
        await WelcomeAsync(id, epoch);
        await NonceAsync(0x11);
        byte[] frame = port.Receive();
        Assert.That(IsAttach(frame, id, epoch, 0x11), Is.True, "the attach frame");
        port.Send(Challenge(id, epoch, 0x22, Key));
        ChallengeAnswer answer = (await ReadAsync(NodeMessage.BodyOneofCase.Challenge)).Challenge;
        Assert.That(answer.Challenge.ToByteArray(), Is.EqualTo(Filled(0x22)));
        await SendAsync(new ControllerMessage { Attached = new Attached { Dpid = 1, Port = 4 } });
    }

    public static bool IsAttach(byte[] frame, uint id, uint epoch, byte nonce) =>
        AttachmentFrame.TryRead(frame, out AttachmentFrame view, out _) && view.Kind == AttachmentKind.Attach && view.Verify(Key)
        && view.NodeId == id && view.Epoch == epoch && view.Nonce.SequenceEqual(Filled(nonce));

    public static byte[] Challenge(uint id, uint epoch, byte fill, byte[] key)
    {
        byte[] frame = new byte[AttachmentFrame.Size];
        AttachmentFrame.Write(frame, AttachmentKind.Challenge, TestFrames.ServerMac, id, epoch, Filled(fill), key);
        return frame;
    }

    public static byte[] Probe(uint id, uint epoch, byte fill, byte[] key)
    {
        byte[] frame = new byte[AttachmentFrame.Size];
        AttachmentFrame.Write(frame, AttachmentKind.Probe, TestFrames.ServerMac, id, epoch, Filled(fill), key);
        return frame;
    }

    public static bool IsReply(byte[] frame, uint id, uint epoch, byte fill) =>
        AttachmentFrame.TryRead(frame, out AttachmentFrame view, out _) && view.NodeId == id && view.Epoch == epoch && view.IsReplyTo(Filled(fill), Key);

    public static byte[] Filled(byte value) => [.. Enumerable.Repeat(value, AttachmentFrame.NonceSize)];
}

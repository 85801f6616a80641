using NetServ.Modules.Abstractions;

namespace NetServ.Modules.KeepAlive;

/// <summary>
/// Answers a SIP keep-alive in the server's name, so that the server never sees it: a NOTIFY over UDP with <c>Event: keep-alive</c> is
/// dropped and its sender gets 200 OK. Every other packet passes, malformed SIP included. Counters: <c>answered</c>, <c>passed</c>.
/// </summary>
public sealed class KeepAliveModule : IModule
{
    private readonly byte[] _reply = new byte[1514];
    private long _answered;
    private long _passed;

    /// <inheritdoc/>
    public void Start(ModuleContext context)
    {
    }

    /// <inheritdoc/>
    public Verdict Process(ref Packet packet, IEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        // A fragment holds part of a request at best.
        if (packet.IsUdp && !packet.IsFragment && SipRequest.TryReadKeepAlive(packet.Payload, out SipRequest request))
        {
            int length = ReplyFrame.Write(_reply, in packet, in request);
            if (length > 0 && emitter.TryEmit(_reply.AsSpan(0, length)))
            {
                Volatile.Write(ref _answered, _answered + 1);
                return Verdict.Drop;
            }
        }
        Volatile.Write(ref _passed, _passed + 1);
        return Verdict.Pass;
    }

    /// <inheritdoc/>
    public void Stop()
    {
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, long> ReadCounters() => new Dictionary<string, long>
    {
        ["answered"] = Volatile.Read(ref _answered),
        ["passed"] = Volatile.Read(ref _passed),
    };
}

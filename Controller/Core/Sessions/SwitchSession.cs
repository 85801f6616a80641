using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Switches;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// The controller's end of one OpenFlow 1.0 connection: bytes and time in, bytes out. No socket, no clock, no lock; whoever owns it calls it
/// from one thread, sends what waits in <see cref="Output"/>, takes <see cref="Events"/>, and ends the connection when <see cref="CloseReason"/>
/// is set.
/// </summary>
public sealed class SwitchSession
{
    private readonly SwitchState _state;
    private readonly PacketHandler _packets;
    private readonly MessageAssembler _assembler = new();
    private readonly HandshakePhase _handshake;
    private readonly RunningPhase _running;
    private readonly string _peer;
    private long _heard;
    private long _malformedSince;
    private long _malformedBefore;

    /// <summary>A session with a switch that has just connected.</summary>
    /// <param name="options">Time-outs and limits.</param>
    /// <param name="snapshot">What decides from the start.</param>
    /// <param name="peer">Who it is, for messages to people.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="hosts">The directory that the sessions of a loop share; null for one of its own.</param>
    /// <param name="pins">The flows on their nodes, which they share too; null for a table of its own.</param>
    /// <param name="claim">Says whether this is the switch's one connection; null for yes.</param>
    /// <param name="turn">Memory that the sessions of a loop write to in turn; null for none.</param>
    public SwitchSession(
        SwitchSessionOptions options, Snapshot snapshot, string peer, long now, HostDirectory? hosts = null, FlowPins? pins = null, ClaimDatapath? claim = null,
        TurnMemory? turn = null)
    {
        _state = new SwitchState(options, hosts ?? new HostDirectory(), pins ?? options.NewPins(), turn);
        _peer = peer;
        _heard = now;
        Forwarder forwarder = new(_state);
        Reconciler reconciler = new(_state, forwarder);
        RuleAdoption adoption = new(_state);
        _packets = new PacketHandler(_state, forwarder);
        _running = new RunningPhase(_state, _packets, reconciler, new Audit(_state, adoption, now));
        _handshake = new HandshakePhase(_state, _running, adoption, snapshot, claim ?? Admit, peer, now);
    }

    /// <summary>The switch, 0 until it said so.</summary>
    public ulong Dpid => _state.Dpid;

    /// <summary>Bytes to send.</summary>
    public OutputBuffer Output => _state.Output;

    /// <summary>What Core is to be told; the owner takes them and clears the list.</summary>
    public List<SessionEvent> Events => _state.Events;

    /// <summary>Counts.</summary>
    public SessionCounters Counters => _state.Counters;

    /// <summary>How far it has come.</summary>
    public HandshakeStage Stage => _handshake.Stage;

    /// <summary>Whether the handshake is over.</summary>
    public bool IsRunning => _handshake.IsDone;

    /// <summary>Whether nothing was heard since the peer was asked for an echo.</summary>
    public bool IsUnanswered { get; private set; }

    /// <summary>Why the connection is to be ended, after sending what waits; null while it lives.</summary>
    public string? CloseReason { get; private set; }

    /// <summary>Rules, flows and ports, to be read between calls by the thread that owns the session.</summary>
    public SwitchState State => _state;

    /// <summary>
    /// Handles bytes from the switch, whole messages or not. Stops between two messages while more than
    /// <see cref="SwitchSessionOptions.OutputMark"/> waits to be sent: whoever causes work has to take the answers first.
    /// </summary>
    /// <param name="bytes">What was read.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="shares">Given if the session is behind while others wait: no port may then take all of it.</param>
    /// <returns>Bytes taken; the rest is to be given again when <see cref="IsHeldUp"/> is over.</returns>
    public int Receive(ReadOnlySpan<byte> bytes, long now, PortShares? shares = null)
    {
        _heard = now;
        IsUnanswered = false;
        int given = bytes.Length;
        if (Stage == HandshakeStage.Connected && bytes.Length >= 2)
            LookAtFirst(bytes);
        // An answer is about as long as what it answers, and a rule comes with some.
        Output.Expect(bytes.Length + bytes.Length / 2);
        int begin = _assembler.Missing;
        if (shares is not null && (begin < 0 || begin > given || !shares.Measure(bytes[begin..])))
            shares = null;
        int seen = 0, next = 0;
        while (CloseReason is null && !IsHeldUp)
        {
            if (next == seen && _handshake.IsDone && _assembler.IsEmpty)
                (seen, next) = (_packets.Preview(bytes), 0);
            if (!_assembler.TryNext(ref bytes, out ReadOnlySpan<byte> message, out DecodeError error))
                break;
            int which = next < seen ? next++ : -1;
            if (which >= 0 && shares is null && _packets.TryRepeat(which, message, now))
                continue;
            if (error.Code != DecodeErrorCode.None)
                Close($"{_peer}: {error}; the connection is ended");
            else if (shares is not null && !shares.Takes(message, out ushort port))
                _running.NoteOverrun(port);
            else
                Handle(message, now);
            if (_state.Counters.Malformed - _malformedBefore > _state.Options.MaxMalformed)
                Close($"{_peer}: more than {_state.Options.MaxMalformed} messages in a second cannot be read; the connection is ended");
        }
        Output.Trim();
        CheckOutput();
        return CloseReason is null ? given - bytes.Length : given;
    }

    /// <summary>Whether nothing more is taken: so much waits to be sent, or Core has to hear of so many hosts.</summary>
    public bool IsHeldUp => Output.Length > _state.Options.OutputMark || _state.WaitsForCore;

    /// <summary>The peer took bytes that had waited, which is the only sign of life while it is held up; or what it sent waits to be read.</summary>
    public void NoteProgress(long now) => _heard = now;

    /// <summary>Whether the peer is to be given up for having said nothing, or taken nothing where that is what it has to do.</summary>
    public bool IsSilent(long now) => now - _heard >= _state.Options.DeadAfter && !_state.WaitsForCore;

    /// <summary>Lets time pass: keep-alives, time-outs, ends of pins. To be called about every second.</summary>
    public void Tick(long now)
    {
        if (!_handshake.IsDone && _handshake.FaultAt(now) is { } fault)
            Close(fault);
        else if (IsSilent(now))
            Close(IsHeldUp
                ? $"{_peer}: {Output.Length} bytes wait, and the switch has read none of them for {(now - _heard) / 1000} s; the connection is ended"
                : $"{_peer}: nothing heard for {(now - _heard) / 1000} s, not even an echo; the connection is ended");
        else if (now - _heard >= _state.Options.EchoAfter && !IsUnanswered)
            AskForEcho();
        _state.Pins.Expire(now);
        CountMalformed(now);
        if (_handshake.IsDone)
            _running.Tick(now);
        if (_handshake.IsAtWork && _state.Places.IsRouted)
        {
            _state.Links.Tick(now);
            if (_state.Places.Tick(now))
                _state.Mender.MendAll(now);
            if (_state.Earlier.Tick(now))
                _running.Apply(_state.View.Snapshot, null, now);
        }
        CheckOutput();
    }

    /// <summary>Asks the peer whether it is there; <see cref="IsUnanswered"/> until it says anything.</summary>
    public void AskForEcho()
    {
        IsUnanswered = true;
        Output.Write(new EchoRequest { Xid = _state.Writer.NextXid() });
        CheckOutput();
    }

    /// <summary>From now on this is the switch's one connection.</summary>
    public void TakeOver(long now)
    {
        _handshake.TakeOver(now);
        CheckOutput();
    }

    /// <summary>Gives back the memory it holds, and lets go of the flows that it knows; nothing may be asked of it any more.</summary>
    public void Discard(long now)
    {
        _state.Rules.LetGo(now);
        _assembler.Discard();
        Output.Discard();
        _state.Rules.Hosts.Discard();
        _state.SetWaiting(false);
    }

    /// <summary>
    /// Takes a snapshot into force and writes the rule changes that follow from it, in one go. With a <paramref name="token"/> a barrier follows,
    /// and <see cref="SessionEvent.BarrierPassed"/> when it is answered.
    /// </summary>
    public void Apply(Snapshot snapshot, long? token, long now)
    {
        if (_handshake.IsAtWork)
            _running.Apply(snapshot, token, now);
        else
            _handshake.Defer(snapshot, token);
        CheckOutput();
    }

    /// <summary>Whether rules are to be decided anew, by <see cref="Mend"/>.</summary>
    public bool HasToMend => _state.ToMend.Count > 0;

    /// <summary>Decides the rules of hosts anew, whose change the loop's directory has taken.</summary>
    public void Mend(long now)
    {
        foreach (HostKey host in _handshake.IsAtWork ? _state.ToMend : [])
            _state.Mender.MendHost(host, now);
        _state.ToMend.Clear();
        CheckOutput();
    }

    /// <summary>Whether it is held up until <see cref="GoOn"/>.</summary>
    public bool WaitsForCore => _state.WaitsForCore;

    /// <summary>Core has taken what it was told of hosts.</summary>
    public void GoOn(long now)
    {
        _heard = now;
        _state.SetWaiting(false);
    }

    /// <summary>Sends a frame out of a port.</summary>
    public void SendFrame(ushort port, ReadOnlySpan<byte> data)
    {
        _state.Writer.Originate(data, port);
        CheckOutput();
    }

    /// <summary>Flows that enter here leave the detour, or are called back to it.</summary>
    public void Release(IReadOnlySet<FlowId> flows, bool released, long now)
    {
        if (_handshake.IsAtWork)
            _running.Release(flows, released, now);
        CheckOutput();
    }

    /// <summary>Asks for the counters of a port; <see cref="SessionEvent.PortCounted"/> has them.</summary>
    public void AskPort(ushort port)
    {
        Output.Write(new PortStatsRequest { Xid = _state.Writer.NextXid(), PortNumber = port });
        CheckOutput();
    }

    /// <summary>Takes all rules of ours off the switch and installs none from then on, until it connects anew.</summary>
    public void Clean(long token)
    {
        _running.Clean(token);
        CheckOutput();
    }

    /// <summary>Reads the rules that the switch has; <see cref="SessionEvent.RulesRead"/> has them.</summary>
    public void ReadRules(long token)
    {
        _running.ReadRules(token);
        CheckOutput();
    }

    private void Handle(ReadOnlySpan<byte> message, long now)
    {
        if (!MessageTable.TryIdentify(message, out MessageKind kind, out DecodeError error))
            Refuse(message, error);
        else if (kind == MessageKind.Hello)
            TakeHello(message, now);
        else if (message[0] != Header.Version10 && kind != MessageKind.Error)
            RefuseVersion(message[0]);
        else if (kind == MessageKind.EchoRequest)
            AnswerEcho(message);
        else if (!_handshake.IsDone && _handshake.TryHandle(kind, message, now, out string? fault))
            CloseIf(fault);
        else
            _running.Handle(kind, message, now);
    }

    private void TakeHello(ReadOnlySpan<byte> message, long now)
    {
        if (_handshake.TakeHello(message, now))
            return;
        RefuseVersion(message[0]);
    }

    private void RefuseVersion(byte version)
    {
        Output.Write(new ErrorMessage { Xid = _state.Writer.NextXid(), Error = ErrorCode.HelloFailedIncompatible, Data = HandshakePhase.VersionAdvice });
        Close(_handshake.DescribeVersion(version));
    }

    private void Refuse(ReadOnlySpan<byte> message, DecodeError error)
    {
        if (error.Code == DecodeErrorCode.BadVersion)
        {
            RefuseVersion(message[0]);
            return;
        }
        _running.NoteMalformed(message, error);
        Header.TryRead(message, out Header header);
        if (header.Type != MessageType.Error)
            Output.Write(new ErrorMessage { Xid = header.Xid, Error = error.Answer, Data = message[..Math.Min(64, message.Length)] });
    }

    private void AnswerEcho(ReadOnlySpan<byte> message)
    {
        if (EchoRequest.TryRead(message, out EchoRequest request, out _))
            Output.Write(new EchoReply { Xid = request.Xid, Data = request.Data });
    }

    // Another protocol's first bytes may promise a long message, and nobody would be told until the time for HELLO is over.
    private void LookAtFirst(ReadOnlySpan<byte> bytes)
    {
        const byte TlsHandshake = 0x16, TlsMajor = 3;
        if (_assembler.IsEmpty && bytes[0] == TlsHandshake && bytes[1] == TlsMajor)
            Close($"{_peer} speaks TLS where OpenFlow is spoken plainly; add an address like \"tls:0.0.0.0:6654\" to $.openflow, or set the switch to tcp: instead of ssl:");
        else if (_assembler.IsEmpty && bytes[1] > (byte)MessageType.EchoReply)
            Close($"{_peer} begins with {Convert.ToHexString(bytes[..2])} instead of HELLO; is it an OpenFlow 1.0 switch? The connection is ended");
    }

    private static ClaimOutcome Admit(ulong dpid, out string? reason)
    {
        reason = null;
        return ClaimOutcome.Active;
    }

    private void CountMalformed(long now)
    {
        if (now - _malformedSince < 1000)
            return;
        (_malformedSince, _malformedBefore) = (now, _state.Counters.Malformed);
    }

    private void CheckOutput()
    {
        _state.TellHosts();
        if (Output.Overflowed)
            Close($"{_peer}: {Output.Length} bytes wait because the switch does not read them; the connection is ended");
    }

    private void CloseIf(string? fault)
    {
        if (fault is not null)
            Close(fault);
    }

    private void Close(string reason) => CloseReason ??= reason;
}

using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Switches;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// From HELLO to the first barrier reply: version, features, whether this is the switch's one connection, whole packets on a miss, which rules are
/// there, and what of them is ours. Packets that come up meanwhile are handled as soon as it is known whose they are.
/// </summary>
internal sealed class HandshakePhase
{
    private readonly SwitchState _state;
    private readonly RunningPhase _running;
    private readonly RuleAdoption _adoption;
    private readonly ClaimDatapath _claim;
    private readonly string _peer;
    private readonly List<long> _tokens = [];
    private Snapshot _snapshot;
    private long _since;
    private byte _peerVersion;
    private bool _takesRoles;
    private uint _barrier;
    private uint _buffers;

    public HandshakePhase(SwitchState state, RunningPhase running, RuleAdoption adoption, Snapshot snapshot, ClaimDatapath claim, string peer, long now)
    {
        _state = state;
        _running = running;
        _snapshot = snapshot;
        _claim = claim;
        _peer = peer;
        _since = now;
        _adoption = adoption;
        _state.Output.Write(new Hello { Xid = _state.Writer.NextXid() });
    }

    /// <summary>What a peer of another version is told.</summary>
    public static ReadOnlySpan<byte> VersionAdvice => "this controller speaks OpenFlow 1.0 (0x01): ovs-vsctl set bridge BRIDGE protocols=OpenFlow10"u8;

    public HandshakeStage Stage { get; private set; }

    public bool IsDone => Stage == HandshakeStage.Done;

    /// <summary>Whether the rules of the switch are this session's.</summary>
    public bool IsAtWork => Stage >= HandshakeStage.Known;

    /// <summary>A snapshot that came before the switch was this session's. Nobody waits for its barrier then; tokens are answered with the first one.</summary>
    public void Defer(Snapshot snapshot, long? token)
    {
        _snapshot = snapshot;
        if (token is { } value && Stage != HandshakeStage.Standby)
            _tokens.Add(value);
    }

    /// <summary>Whether the peer's version will do: 1.0 itself, or a later one that can fall back (OpenFlow 1.0.0 section 5.5.1).</summary>
    public bool TakeHello(ReadOnlySpan<byte> message, long now)
    {
        if (!Hello.TryRead(message, out Hello hello, out _) || !hello.Speaks10)
            return false;
        if (_peerVersion != 0)
            return true;
        _peerVersion = hello.Version;
        Enter(HandshakeStage.Greeted, now);
        _state.Output.Write(new FeaturesRequest(_state.Writer.NextXid()));
        _state.Output.Write(new SetConfig { Xid = _state.Writer.NextXid(), Flags = ConfigFlags.FragmentsNormal, MissSendLength = 0xffff });
        _state.Output.Write(new GetConfigRequest(_state.Writer.NextXid()));
        return true;
    }

    /// <summary>A sentence about a peer of another version.</summary>
    public string DescribeVersion(byte version) =>
        $"{_peer} speaks OpenFlow version 0x{version:x2}, this controller 1.0 (0x01); set the switch to OpenFlow 1.0: ovs-vsctl set bridge BRIDGE protocols=OpenFlow10";

    /// <summary>Why the handshake has failed by now, null if it has not.</summary>
    public string? FaultAt(long now)
    {
        (int within, string missing) = Stage switch
        {
            HandshakeStage.Connected => (_state.Options.HelloWithin, "HELLO"),
            HandshakeStage.Greeted => (_state.Options.HelloWithin, "FEATURES_REPLY"),
            HandshakeStage.Known => (_state.Options.HandshakeWithin, "flow statistics"),
            HandshakeStage.Adopted => (_state.Options.HandshakeWithin, "BARRIER_REPLY"),
            _ => (int.MaxValue, ""),
        };
        if (now - _since < within)
            return null;
        if (_peerVersion > Header.Version10 && Stage == HandshakeStage.Greeted)
            return DescribeVersion(_peerVersion);
        return $"{_peer}: no {missing} within {within / 1000.0:0.#} s; is it an OpenFlow 1.0 switch? The connection is ended";
    }

    /// <summary>Handles what belongs to the handshake; false for what is the running phase's.</summary>
    public bool TryHandle(MessageKind kind, ReadOnlySpan<byte> message, long now, out string? fault)
    {
        fault = null;
        switch (kind)
        {
            case MessageKind.Error when ErrorMessage.TryRead(message, out ErrorMessage error, out _) && error.Error is ErrorCode.HelloFailedIncompatible or ErrorCode.HelloFailedEPerm:
                fault = $"{_peer} refuses the connection ({System.Text.Encoding.UTF8.GetString(error.Data[..Math.Min(200, error.Data.Length)])}); if it is the version: ovs-vsctl set bridge BRIDGE protocols=OpenFlow10";
                return true;
            case not MessageKind.Error when Stage == HandshakeStage.Connected:
                fault = $"{_peer} begins with {MessageTable.Row(kind).Name} instead of HELLO; is it an OpenFlow 1.0 switch? The connection is ended";
                return true;
            case MessageKind.FeaturesReply:
                fault = TakeFeatures(message, now);
                return true;
            case MessageKind.GetConfigReply:
                TakeConfig(message);
                return true;
            case MessageKind.NiciraRoleReply:
                _takesRoles = true;
                return true;
            case MessageKind.PortStatus when Stage == HandshakeStage.Standby:
                _running.TakePortQuietly(message);
                return true;
            case MessageKind.FlowStatsReply:
                TakeRules(message, now);
                return true;
            case MessageKind.BarrierReply when _barrier != 0 && Header.TryRead(message, out Header header) && header.Xid == _barrier:
                Finish(now);
                return true;
            default:
                return !IsAtWork;
        }
    }

    /// <summary>The standby is the switch's connection from now on.</summary>
    public void TakeOver(long now)
    {
        if (Stage != HandshakeStage.Standby)
            return;
        if (_takesRoles)
            _state.Output.Write(new NiciraRoleRequest { Xid = _state.Writer.NextXid(), Role = NiciraRole.Other });
        Begin(now);
    }

    private void Enter(HandshakeStage stage, long now) => (Stage, _since) = (stage, now);

    private string? TakeFeatures(ReadOnlySpan<byte> message, long now)
    {
        if (Stage != HandshakeStage.Greeted)
            return null;
        if (!FeaturesReply.TryRead(message, out FeaturesReply reply, out DecodeError error))
        {
            _running.NoteMalformed(message, error);
            return null;
        }
        ClaimOutcome outcome = _claim(reply.DatapathId, out string? reason);
        if (outcome == ClaimOutcome.Refused)
            _state.Events.Add(new SessionEvent.Alarm(reason!));
        if (outcome is ClaimOutcome.Refused or ClaimOutcome.RefusedAgain)
            return $"{_peer}: {reason}";
        _state.Dpid = reply.DatapathId;
        _buffers = reply.BufferCount;
        foreach (PhyPort port in reply.Ports)
            _state.Ports.Set(port);
        if (outcome == ClaimOutcome.Active)
            Begin(now);
        else
            StandBy(now);
        return null;
    }

    // A switch that knows roles sends no packets up here then; of one that does not they are left out.
    private void StandBy(long now)
    {
        Enter(HandshakeStage.Standby, now);
        _tokens.Clear();
        _state.Output.Write(new NiciraRoleRequest { Xid = _state.Writer.NextXid(), Role = NiciraRole.Secondary });
    }

    private void Begin(long now)
    {
        Enter(HandshakeStage.Known, now);
        _running.Apply(_snapshot, null, now);
        _running.TakePorts(now);
        _state.Earlier.Start(now);
        _state.Output.Write(new FlowStatsRequest { Xid = _state.Writer.NextXid(), Match = Match.Any, TableId = 0xff, OutPort = PortNo.None });
    }

    private void TakeConfig(ReadOnlySpan<byte> message)
    {
        if (GetConfigReply.TryRead(message, out GetConfigReply reply, out _) && reply.MissSendLength != 0xffff)
            _state.Events.Add(new SessionEvent.Alarm($"{_peer} sends only {reply.MissSendLength} bytes of a packet that misses, although asked for all; packets are forwarded by its buffers, and may be lost"));
    }

    private void TakeRules(ReadOnlySpan<byte> message, long now)
    {
        if (Stage != HandshakeStage.Known)
            return;
        if (!FlowStatsReply.TryRead(message, out FlowStatsReply reply, out DecodeError error))
        {
            _running.NoteMalformed(message, error);
            return;
        }
        Enter(HandshakeStage.Known, now);
        foreach (FlowStatsEntry entry in reply.Entries)
            _adoption.Take(entry, now);
        if ((reply.Flags & StatsReplyFlags.More) != 0)
            return;
        _state.Rules.Gate = RuleGate.DurableOnly;
        _state.Rules.EnsureOnce(RuleKind.Attachment, RuleMatches.Attachment, 0, RuleAction.Controller, 0, now);
        _state.Rules.EnsureOnce(RuleKind.Signaling, RuleMatches.Signaling, 0, RuleAction.Controller, 0, now);
        if (_state.Places.IsRouted)
            _state.Rules.EnsureOnce(RuleKind.Probe, RuleMatches.Probe, 0, RuleAction.Controller, 0, now);
        _running.Apply(_state.View.Snapshot, null, now);
        _barrier = _state.Writer.Barrier();
        Enter(HandshakeStage.Adopted, now);
    }

    private void Finish(long now)
    {
        Enter(HandshakeStage.Done, now);
        _state.Rules.Gate = RuleGate.Open;
        _running.Apply(_state.View.Snapshot, null, now);
        _state.Events.Add(new SessionEvent.Ready(_state.Dpid, _state.Ports.All, _buffers));
        _state.Links.TellAll();
        foreach (long token in _tokens)
            _state.Events.Add(new SessionEvent.BarrierPassed(token));
    }
}

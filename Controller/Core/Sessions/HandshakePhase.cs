using System.Buffers.Binary;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// From HELLO to the first barrier reply: version, features, whole packets on a miss, which rules are there, and what of them is ours. Packets
/// that come up meanwhile are handled as soon as the switch has said who it is.
/// </summary>
internal sealed class HandshakePhase
{
    private readonly SwitchState _state;
    private readonly RunningPhase _running;
    private readonly RuleAdoption _adoption;
    private readonly string _peer;
    private readonly long _start;
    private Snapshot _snapshot;
    private readonly List<long> _tokens = [];
    private byte _peerVersion;
    private uint _barrier;
    private uint _buffers;

    public HandshakePhase(SwitchState state, RunningPhase running, RuleAdoption adoption, Snapshot snapshot, string peer, long now)
    {
        _state = state;
        _running = running;
        _snapshot = snapshot;
        _peer = peer;
        _start = now;
        _adoption = adoption;
        _state.Output.Write(new Hello { Xid = _state.Writer.NextXid() });
    }

    /// <summary>What a peer of another version is told.</summary>
    public static ReadOnlySpan<byte> VersionAdvice => "this controller speaks OpenFlow 1.0 (0x01): ovs-vsctl set bridge BRIDGE protocols=OpenFlow10"u8;

    public bool IsDone { get; private set; }

    public bool IsPastFeatures { get; private set; }

    /// <summary>A snapshot that came before the switch said who it is.</summary>
    public void Defer(Snapshot snapshot, long? token)
    {
        _snapshot = snapshot;
        if (token is { } value)
            _tokens.Add(value);
    }

    /// <summary>Whether the peer's version will do: 1.0 itself, or a later one that can fall back (OpenFlow 1.0.0 section 5.5.1).</summary>
    public bool TakeHello(ReadOnlySpan<byte> message)
    {
        if (!Hello.TryRead(message, out Hello hello, out _) || hello.Version == 0 || (hello.Version > Header.Version10 && ExcludesVersion10(hello.Data)))
            return false;
        if (_peerVersion != 0)
            return true;
        _peerVersion = hello.Version;
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
        if (now - _start < _state.Options.HandshakeWithin)
            return null;
        if (_peerVersion > Header.Version10 && !IsPastFeatures)
            return DescribeVersion(_peerVersion);
        string missing = _peerVersion == 0 ? "HELLO" : !IsPastFeatures ? "FEATURES_REPLY" : _barrier == 0 ? "flow statistics" : "BARRIER_REPLY";
        return $"{_peer}: no {missing} within {_state.Options.HandshakeWithin / 1000} s; is it an OpenFlow 1.0 switch? The connection is ended";
    }

    /// <summary>Handles what belongs to the handshake; false for what is the running phase's.</summary>
    public bool TryHandle(MessageKind kind, ReadOnlySpan<byte> message, long now, out string? fault)
    {
        fault = null;
        switch (kind)
        {
            case MessageKind.FeaturesReply:
                TakeFeatures(message, now);
                return true;
            case MessageKind.GetConfigReply:
                TakeConfig(message);
                return true;
            case MessageKind.FlowStatsReply:
                TakeRules(message, now);
                return true;
            case MessageKind.BarrierReply when _barrier != 0 && Header.TryRead(message, out Header header) && header.Xid == _barrier:
                Finish(now);
                return true;
            case MessageKind.Error when ErrorMessage.TryRead(message, out ErrorMessage error, out _) && error.Error is ErrorCode.HelloFailedIncompatible or ErrorCode.HelloFailedEPerm:
                fault = $"{_peer} refuses the connection ({System.Text.Encoding.UTF8.GetString(error.Data[..Math.Min(200, error.Data.Length)])}); if it is the version: ovs-vsctl set bridge BRIDGE protocols=OpenFlow10";
                return true;
            default:
                return !IsPastFeatures;
        }
    }

    // OpenFlow 1.3.1 section 7.5.1: an element of type 1 has a bitmap of versions.
    private static bool ExcludesVersion10(ReadOnlySpan<byte> elements)
    {
        while (elements.Length >= 8)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(elements[2..]);
            if (BinaryPrimitives.ReadUInt16BigEndian(elements) == 1 && length >= 8)
                return (BinaryPrimitives.ReadUInt32BigEndian(elements[4..]) & (1u << Header.Version10)) == 0;
            int padded = (length + 7) & ~7;
            if (length < 4 || padded > elements.Length)
                return false;
            elements = elements[padded..];
        }
        return false;
    }

    private void TakeFeatures(ReadOnlySpan<byte> message, long now)
    {
        if (IsPastFeatures)
            return;
        if (!FeaturesReply.TryRead(message, out FeaturesReply reply, out DecodeError error))
        {
            _running.NoteMalformed(message, error);
            return;
        }
        _state.Dpid = reply.DatapathId;
        _buffers = reply.BufferCount;
        foreach (PhyPort port in reply.Ports)
            _state.Ports.Set(port);
        IsPastFeatures = true;
        _running.Apply(_snapshot, null, now);
        _running.TakePorts(now);
        _state.Mender.Start(now);
        _state.Output.Write(new FlowStatsRequest { Xid = _state.Writer.NextXid(), Match = Match.Any, TableId = 0xff, OutPort = PortNo.None });
    }

    private void TakeConfig(ReadOnlySpan<byte> message)
    {
        if (GetConfigReply.TryRead(message, out GetConfigReply reply, out _) && reply.MissSendLength != 0xffff)
            _state.Events.Add(new SessionEvent.Alarm($"{_peer} sends only {reply.MissSendLength} bytes of a packet that misses, although asked for all; packets are forwarded by its buffers, and may be lost"));
    }

    private void TakeRules(ReadOnlySpan<byte> message, long now)
    {
        if (!IsPastFeatures || _barrier != 0)
            return;
        if (!FlowStatsReply.TryRead(message, out FlowStatsReply reply, out DecodeError error))
        {
            _running.NoteMalformed(message, error);
            return;
        }
        foreach (FlowStatsEntry entry in reply.Entries)
            _adoption.Take(entry, now);
        if ((reply.Flags & StatsReplyFlags.More) != 0)
            return;
        _state.Rules.Gate = RuleGate.DurableOnly;
        _state.Rules.EnsureOnce(RuleKind.Attachment, RuleMatches.Attachment, 0, PortNo.Controller, 0, now);
        _state.Rules.EnsureOnce(RuleKind.Signaling, RuleMatches.Signaling, 0, PortNo.Controller, 0, now);
        if (_state.Places.IsRouted)
            _state.Rules.EnsureOnce(RuleKind.Probe, RuleMatches.Probe, 0, PortNo.Controller, 0, now);
        _running.Apply(_state.View.Snapshot, null, now);
        _barrier = _state.Writer.Barrier();
    }

    private void Finish(long now)
    {
        IsDone = true;
        _state.Rules.Gate = RuleGate.Open;
        _running.Apply(_state.View.Snapshot, null, now);
        _state.Events.Add(new SessionEvent.Ready(_state.Dpid, _state.Ports.All, _buffers));
        _state.Links.TellAll();
        foreach (long token in _tokens)
            _state.Events.Add(new SessionEvent.BarrierPassed(token));
    }
}

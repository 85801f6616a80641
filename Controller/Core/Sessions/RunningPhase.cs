using System.Buffers.Binary;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>A switch at work: packets, ports, rules that end, barriers, errors.</summary>
internal sealed class RunningPhase
{
    private readonly SwitchState _state;
    private readonly PacketHandler _packets;
    private readonly Reconciler _reconciler;
    private readonly CleanTask _clean;
    private readonly Audit _audit;
    private readonly RuleReading _reading;
    private readonly FlowReleases _releases;
    private readonly Dictionary<uint, long> _barriers = [];
    private readonly HashSet<string> _told = [];

    public RunningPhase(SwitchState state, PacketHandler packets, Reconciler reconciler, Audit audit)
    {
        _state = state;
        _packets = packets;
        _reconciler = reconciler;
        _audit = audit;
        _clean = new CleanTask(state);
        _reading = new RuleReading(state);
        _releases = new FlowReleases(state, reconciler);
    }

    public void Apply(Snapshot snapshot, long? token, long now)
    {
        _reconciler.Apply(snapshot, now);
        _packets.HandleHeld(now);
        if (token is { } value)
            _barriers[_state.Writer.Barrier()] = value;
    }

    /// <summary>Takes the ports as they are now.</summary>
    public void TakePorts(long now)
    {
        if (_state.Places.IsRouted)
            _state.Links.TakePorts(now);
    }

    public void Clean(long token) => _clean.Start(token);

    public void ReadRules(long token) => _reading.Start(token);

    public void Release(IReadOnlySet<FlowId> flows, bool released, long now) => _releases.Take(flows, released, now);

    public void Tick(long now)
    {
        _state.Rules.Tick(now);
        _audit.Tick(now);
        _releases.Tick(now);
        _state.Parts.Tick(now);
        _reconciler.Tick(now);
        _packets.HandleHeld(now);
    }

    public void Handle(MessageKind kind, ReadOnlySpan<byte> message, long now)
    {
        switch (kind)
        {
            case MessageKind.PacketIn:
                TakePacket(message, now);
                break;
            case MessageKind.FlowRemoved:
                TakeFlowRemoved(message, now);
                break;
            case MessageKind.PortStatus:
                TakePortStatus(message, now);
                break;
            case MessageKind.BarrierReply:
                TakeBarrier(message, now);
                break;
            case MessageKind.Error:
                TakeError(message, now);
                break;
            case MessageKind.FlowStatsReply:
                TakeRules(message, now);
                break;
            case MessageKind.PortStatsReply:
                TakePortCounts(message);
                break;
        }
    }

    /// <summary>Counts a PACKET_IN that was left out because its port floods; the first of each port is told.</summary>
    public void NoteOverrun(ushort port)
    {
        _state.Counters.Overrun++;
        if (_state.Counters.OverrunByPort.TryGetValue(port, out long before))
            _state.Counters.OverrunByPort[port] = before + 1;
        else if (_state.Counters.OverrunByPort.TryAdd(port, 1))
            _state.Events.Add(new SessionEvent.Alarm($"port {port} of switch {_state.Dpid:x16} floods the controller while others wait; packets of it are left out so that those of other ports get through"));
    }

    /// <summary>Keeps the ports right while another connection of the switch is at work.</summary>
    public void TakePortQuietly(ReadOnlySpan<byte> message)
    {
        if (PortStatus.TryRead(message, out PortStatus status, out DecodeError error))
            Change(status);
        else
            NoteMalformed(message, error);
    }

    /// <summary>Counts a message that cannot be read; the first of each kind is told.</summary>
    public void NoteMalformed(ReadOnlySpan<byte> message, DecodeError error)
    {
        _state.Counters.Malformed++;
        TellOnce($"malformed {message[1]} {error.Code} {error.Field}", () => $"switch {_state.Dpid:x16} sends a message that cannot be read ({error}); it is left out, and so will be others like it, without a word");
    }

    private void TakePacket(ReadOnlySpan<byte> message, long now)
    {
        if (_state.Earlier.IsWaiting && _state.Earlier.Wake(now))
            Apply(_state.View.Snapshot, null, now);
        if (PacketIn.TryRead(message, out PacketIn packet, out DecodeError error))
            _packets.Handle(packet, now);
        else
            NoteMalformed(message, error);
    }

    private void TakeRules(ReadOnlySpan<byte> message, long now)
    {
        if (!FlowStatsReply.TryRead(message, out FlowStatsReply reply, out DecodeError error))
        {
            NoteMalformed(message, error);
            return;
        }
        _clean.Take(reply);
        _audit.Take(reply, now);
        _reading.Take(reply);
        _releases.Take(reply, now);
        _state.Parts.Take(reply, now);
    }

    private void TakePortCounts(ReadOnlySpan<byte> message)
    {
        if (!PortStatsReply.TryRead(message, out PortStatsReply reply, out DecodeError error))
        {
            NoteMalformed(message, error);
            return;
        }
        foreach (PortStats port in reply.Entries)
            _state.Events.Add(new SessionEvent.PortCounted(_state.Dpid, port.PortNumber, port.RxPackets));
    }

    // A hint: a rule cannot have idled out before its time since we sent it last, so an older life of the same rule is meant then. One that we found may.
    private void TakeFlowRemoved(ReadOnlySpan<byte> message, long now)
    {
        if (!FlowRemoved.TryRead(message, out FlowRemoved removed, out DecodeError error))
        {
            NoteMalformed(message, error);
            return;
        }
        RuleKey key = new(removed.Match.Normalize(), removed.Priority);
        if (removed.Reason == FlowRemovedReason.Delete && _state.Rules.TakeDeleted(key, now))
            return;
        if (!_state.Rules.All.TryGetValue(key, out Rule rule))
            return;
        if (RuleTable.IsDurable(rule.Kind))
        {
            PutBack(key, rule, now);
            return;
        }
        const int Slack = 2000;
        long shortest = removed.Reason == FlowRemovedReason.IdleTimeout ? rule.IdleSeconds * 1000L : 2 * Slack;
        if (rule.Adopted || now - rule.SentAt > shortest - Slack)
            _state.Rules.Forget(key, now, out _);
    }

    // Somebody else deleted it. Whoever does so again and again is answered by the audit, not message for message.
    private void PutBack(in RuleKey key, in Rule rule, long now)
    {
        const int Calm = 1000;
        RuleKind kind = rule.Kind;
        TellOnce($"deleted {kind}", () => $"somebody else deletes our {kind} rule on switch {_state.Dpid:x16}; it is put back, and so will be others, without a word");
        if (now - rule.SentAt >= Calm)
            _state.Rules.Resend(key, now);
        else
            _audit.DueAt(now + Calm);
    }

    private void TakePortStatus(ReadOnlySpan<byte> message, long now)
    {
        if (!PortStatus.TryRead(message, out PortStatus status, out DecodeError error))
        {
            NoteMalformed(message, error);
            return;
        }
        ushort port = status.Port.PortNumber;
        bool wasUp = _state.Ports.IsUp(port);
        if (!Change(status))
            return;
        if (_state.Places.IsRouted)
            TakePorts(now);
        else if (wasUp && !_state.Ports.IsUp(port))
            _state.TakePortChange(port, now);
        _reconciler.Apply(_state.View.Snapshot, now);
        _state.Events.Add(new SessionEvent.PortsChanged(_state.Dpid, _state.Ports.All));
    }

    private bool Change(in PortStatus status) =>
        status.Reason == PortStatusReason.Delete ? _state.Ports.Remove(status.Port.PortNumber) : _state.Ports.Set(status.Port);

    private void TakeBarrier(ReadOnlySpan<byte> message, long now)
    {
        if (!Header.TryRead(message, out Header header))
            return;
        if (_barriers.Remove(header.Xid, out long token))
            _state.Events.Add(new SessionEvent.BarrierPassed(token));
        _clean.TakeBarrier(header.Xid);
        _audit.TakeBarrier(header.Xid, now);
    }

    private void TakeError(ReadOnlySpan<byte> message, long now)
    {
        if (!ErrorMessage.TryRead(message, out ErrorMessage error, out _))
            return;
        _state.Counters.Errors++;
        // A buffer that expired before we freed it: the packet itself travelled with its data.
        if (error.Error is ErrorCode.BadRequestBufferEmpty or ErrorCode.BadRequestBufferUnknown)
            return;
        bool isRule = _state.Writer.TryRecall(error.Xid, out RuleKind kind, out uint owner);
        if (TryReadRefused(error.Data, out RuleKey key))
            _state.Rules.Forget(key, now, out _);
        if (error.Error == ErrorCode.FlowModFailedAllTablesFull)
            TakeFull(isRule ? owner : 0, kind, now);
        else
            TellRefused(error, isRule ? $"the {kind} rule of owner {owner:x8}" : Subject(error.Data), kind);
    }

    // Expected: tables are small. What finds no room is forwarded packet by packet, steered packets to their node.
    private void TakeFull(uint owner, RuleKind kind, long now)
    {
        _state.Counters.TableFull++;
        _state.Rules.HoldBack(now + _state.Options.TableFullFor);
        TellOnce("full", () => $"the table of switch {_state.Dpid:x16} is full: the {kind} rule of owner {owner:x8} found no room, and {_state.Rules.All.Count} rules of ours are in; packets of flows without a rule are forwarded one by one, steered ones to their node, and rules are tried again every {_state.Options.TableFullFor / 1000.0:0.#} s");
    }

    private void TellRefused(in ErrorMessage error, string subject, RuleKind kind)
    {
        ErrorCode code = error.Error;
        TellOnce($"error {code} {kind}", () => $"switch {_state.Dpid:x16} refuses {subject}: {code}; its packets are forwarded one by one meanwhile");
    }

    private static string Subject(ReadOnlySpan<byte> refused) =>
        refused.Length >= Header.Size ? $"a message of type {(MessageType)refused[1]}" : "a message";

    // An error carries the first 64 bytes of its message (OpenFlow 1.0.0 section 5.4.4): of a FLOW_MOD's, match and priority are among them.
    private static bool TryReadRefused(ReadOnlySpan<byte> data, out RuleKey key)
    {
        const int MatchAt = 8, CommandAt = 56, PriorityAt = 62, Enough = 64;
        key = default;
        if (data.Length < Enough || data[1] != (byte)MessageType.FlowMod || BinaryPrimitives.ReadUInt16BigEndian(data[CommandAt..]) != (ushort)FlowModCommand.Add)
            return false;
        key = new RuleKey(Match.Read(data[MatchAt..]).Normalize(), BinaryPrimitives.ReadUInt16BigEndian(data[PriorityAt..]));
        return true;
    }

    private void TellOnce(string what, Func<string> text)
    {
        if (_told.Count < 64 && _told.Add(what))
            _state.Events.Add(new SessionEvent.Alarm(text()));
    }
}

using System.Buffers.Binary;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// Decides about a packet that came up: steered, returned, or forwarded. Runs on the switch's loop against the snapshot and the session's own
/// tables; no lock, and no allocation once the tables have their size.
/// </summary>
public sealed class PacketHandler
{
    private const int PreviewAtOnce = 16;

    private readonly SwitchState _state;
    private readonly Forwarder _forwarder;
    private readonly ArpResponder _arp;
    private readonly HeldPackets _held = new();
    private readonly ulong[] _hashes = new ulong[PreviewAtOnce];
    private ulong _fetched;
    private readonly Dictionary<ushort, (long Since, int Count)> _attachments = [];

    /// <summary>A handler for one switch.</summary>
    public PacketHandler(SwitchState state, Forwarder forwarder)
    {
        _state = state;
        _forwarder = forwarder;
        _arp = new ArpResponder(state);
    }

    /// <summary>
    /// Looks over the messages that come next, so that what their decisions need is at hand, and notes of which a decision can be repeated by their
    /// addresses alone. Several misses at the same time cost about as much as one.
    /// </summary>
    /// <param name="bytes">Messages from the beginning of one on, the last perhaps not whole.</param>
    /// <returns>How many it has seen, for <see cref="TryRepeat(int, ReadOnlySpan{byte}, long)"/>.</returns>
    public int Preview(ReadOnlySpan<byte> bytes)
    {
        const int InPortAt = 14, DestinationAt = 18, SourceAt = 24, Enough = 56;
        bool hasFilters = _state.View.HasFilters;
        ulong fetched = 0;
        int seen = 0;
        while (seen < _hashes.Length && bytes.Length >= Enough)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            if (length < Enough || length > bytes.Length)
                break;
            ulong from = (BinaryPrimitives.ReadUInt64BigEndian(bytes[SourceAt..]) & ~0xfffful) | FlowKey.NoVlan;
            ulong to = (BinaryPrimitives.ReadUInt64BigEndian(bytes[DestinationAt..]) & ~0xfffful) | BinaryPrimitives.ReadUInt16BigEndian(bytes[InPortAt..]);
            ulong hash = ForwardingCache.HashOf(from, to);
            fetched += _forwarder.Decided.Fetch(hash);
            _hashes[seen++] = !hasFilters && IsPlain(bytes[..length]) ? hash : 0;
            bytes = bytes[length..];
        }
        _fetched = fetched;
        return seen;
    }

    /// <summary>Repeats the decision about a message that the last preview has seen, if that is all there is to do; else it is to be handled.</summary>
    /// <param name="index">Which of those that were seen.</param>
    /// <param name="message">The message.</param>
    /// <param name="now">Milliseconds.</param>
    public bool TryRepeat(int index, ReadOnlySpan<byte> message, long now)
    {
        const int InPortAt = 14, DataAt = 18;
        ulong hash = _hashes[index];
        if (hash == 0 || !_forwarder.Decided.TryFind(hash, _state.Rules.Epoch, now, out ushort port))
            return false;
        _state.Counters.PacketIns++;
        _state.Writer.PacketOut(BinaryPrimitives.ReadUInt16BigEndian(message[InPortAt..]), message[DataAt..], port);
        return true;
    }

    // A PACKET_IN with a whole, untagged IPv4 packet that is nothing to us but a pair of addresses: no buffer, no options, no signaling.
    private static bool IsPlain(ReadOnlySpan<byte> message)
    {
        const int BufferAt = 8, TotalAt = 12, DataAt = 18, TypeAt = 30, IpAt = 32, ProtocolAt = IpAt + 9, PortAt = IpAt + 22;
        const byte NoOptions = 0x45;
        return message[0] == Header.Version10 && message[1] == (byte)MessageType.PacketIn
            && BinaryPrimitives.ReadUInt32BigEndian(message[BufferAt..]) == BufferId.None
            && BinaryPrimitives.ReadUInt16BigEndian(message[TotalAt..]) <= message.Length - DataAt
            && BinaryPrimitives.ReadUInt16BigEndian(message[TypeAt..]) == EtherTypes.Ipv4
            && message[IpAt] == NoOptions
            && (message[ProtocolAt] != IpProtocols.Udp || BinaryPrimitives.ReadUInt16BigEndian(message[PortAt..]) != RuleMatches.SignalingPort);
    }

    /// <summary>Handles a PACKET_IN.</summary>
    public void Handle(in PacketIn message, long now)
    {
        _state.Counters.PacketIns++;
        Frame frame = Frame.Of(message);
        if (!FlowKey.TryExtract(frame.Data, frame.InPort, out FlowKey key))
            _state.Writer.Drop(frame);
        else if (key.DlType == AttachmentFrame.EtherType)
            TakeAttachment(frame, now);
        else if (key.DlType == EtherTypes.Lldp)
            TakeProbe(frame, now);
        else if (TryRepeat(frame, key, now))
            return;
        else if (IsReserved(key.DlDst))
            _state.Writer.Drop(frame);
        else
            Take(frame, key, now);
    }

    private void Take(in Frame frame, in FlowKey key, long now)
    {
        _state.Earlier.BelieveIn(new HostKey(key.DlDst, key.DlVlan), key.InPort, now);
        if (_state.View.NodeAt(key.InPort) is { } node)
            FromNode(frame, key, node, mayWait: true, now);
        else
            FromPort(frame, key, now);
    }

    // A pair of addresses whose rule was sent a moment ago: its packets that were under way take the way that was decided, unless a filter wants this one,
    // or a wide catch rule would bring it up again and again.
    private bool TryRepeat(in Frame frame, in FlowKey key, long now)
    {
        if (!_forwarder.Decided.TryFind(key, _state.Rules.Epoch, now, out ushort port) || key.DlType == EtherTypes.Arp || IsSignaling(key))
            return false;
        if (_state.View.HasFilters && (_state.Catches.Cover(key) || _state.View.IsMatched(key)))
            return false;
        _state.Writer.PacketOut(frame, port);
        return true;
    }

    private void FromPort(in Frame frame, in FlowKey key, long now)
    {
        switch (_state.Places.RoleOf(key.InPort, now))
        {
            case PortRole.Edge:
                FromHost(frame, key, now);
                break;
            case PortRole.Link:
                FromLink(frame, key, now);
                break;
            default:
                // What hangs there is not known yet: let in, a frame might go round in a circle.
                _state.Writer.Drop(frame);
                break;
        }
    }

    // IEEE 802.1D reserves these for one link: spanning tree, pause, LLDP.
    internal static bool IsReserved(MacAddress address) => (address.Value & ~0xful) == 0x0180_c200_0000;

    internal static bool IsSignaling(in FlowKey key) =>
        key.DlType == EtherTypes.Ipv4 && key.NwProto == IpProtocols.Udp && key.TpDst == RuleMatches.SignalingPort;

    private void TakeAttachment(in Frame frame, long now)
    {
        _state.Writer.Release(frame);
        if (frame.Data.Length <= 2 * AttachmentFrame.Size && IsWithinBudget(frame.InPort, now))
            _state.Events.Add(new SessionEvent.AttachmentSeen(_state.Dpid, frame.InPort, [.. frame.Data]));
    }

    private void TakeProbe(in Frame frame, long now)
    {
        _state.Writer.Release(frame);
        if (_state.Places.IsRouted)
            _state.Links.Take(frame, now);
    }

    /// <summary>Handles those again that wait for a way to be known.</summary>
    public void HandleHeld(long now) => _held.Release(now, (in Frame frame, bool isLast) =>
    {
        if (!FlowKey.TryExtract(frame.Data, frame.InPort, out FlowKey key))
            return;
        if (_state.View.NodeAt(key.InPort) is { } node)
            FromNode(frame, key, node, mayWait: !isLast, now);
        else if (_state.Places.RoleOf(key.InPort, now) == PortRole.Edge)
            DecideHeld(frame, key, mayWait: !isLast, now);
    });

    // Its sender was heard when it came, and may be elsewhere by now.
    private void DecideHeld(in Frame frame, in FlowKey key, bool mayWait, long now)
    {
        Decide(frame, key, mayWait, now);
        if (!_state.Places.MayComeIn(key.DlSrc, key.DlVlan, key.InPort, now))
            _state.Mender.MendHost(new HostKey(key.DlSrc, key.DlVlan), now);
    }

    // Steered where it entered, if anywhere: here it goes on. One without a tag gets it here, or a rule beside the steering rules: the catch rule of its filter
    // is above all forwarding.
    private void FromLink(in Frame frame, in FlowKey key, long now)
    {
        if (_state.View.Tags.TryRead(key.DlVlan, out TagMeaning meaning))
        {
            if (meaning.IsDone && _state.Earlier.TryFollow(new HostKey(key.DlDst, meaning.Vlan), now, out ushort last))
                _state.Writer.PacketOut(frame, new RuleAction(last, meaning.Vlan));
            else if (meaning.IsDone)
                PassDone(frame, key, meaning.Vlan, now);
            else
                PassOn(frame, key, meaning, now);
            return;
        }
        if (_state.Earlier.TryFollow(new HostKey(key.DlDst, key.DlVlan), now, out ushort port))
        {
            _state.Writer.PacketOut(frame, port);
            return;
        }
        if (_state.Places.IsFloodOfOld(key.DlDst, key.DlVlan, key.InPort, now))
        {
            _forwarder.Flood(frame, PortNo.None, now);
            return;
        }
        SteeringChoice choice = IsSignaling(key) ? default : _state.Flows.Pass(key);
        if (choice.Verdict == SteeringVerdict.Bypass)
            Bypass(frame, key, choice, now);
        else if (choice.Verdict == SteeringVerdict.Forward)
            Forward(frame, key, mayInstall: !IsSignaling(key), mayWait: false, now);
        else
            _forwarder.Flood(frame, PortNo.None, now);
    }

    // On its way to a node.
    private void PassOn(in Frame frame, in FlowKey key, TagMeaning meaning, long now)
    {
        if (_state.View.Snapshot.Node(meaning.NodeId) is not { } node
            || !_state.Hops.TryToNode(node, meaning.Vlan, isTagged: true, out RuleAction action, key.InPort) || action.Port == key.InPort)
        {
            _state.Counters.Astray++;
            _state.Writer.Drop(frame);
            return;
        }
        // A switch that is away may send what it would not send now, to a node that was started anew and runs nothing yet.
        ChainPlan? plan = _state.View.Plan.Find(key with { DlVlan = meaning.Vlan });
        if (plan is { IsDropped: true })
        {
            _state.Counters.FailedClosed++;
            _state.Writer.Drop(frame);
            return;
        }
        if (plan?.Has(meaning.NodeId) == true)
            _state.Rules.Ensure(RuleKind.Transit, RuleMatches.Transit(key.InPort, key.DlVlan), meaning.NodeId, action, _state.Options.ForwardingIdleSeconds, now);
        _state.Writer.PacketOut(frame, action);
    }

    // Processed, or to be left alone.
    private void PassDone(in Frame frame, in FlowKey key, ushort vlan, long now)
    {
        if (key.DlDst.IsMulticast || !_state.Hops.TryToHost(key.DlDst, vlan, isTagged: true, out RuleAction action, key.InPort)
            || _state.Places.IsFloodOfOld(key.DlDst, vlan, key.InPort, now))
        {
            _forwarder.FloodDone(frame, key.DlDst, vlan, key.DlVlan, PortNo.None, now);
            return;
        }
        if (action.Port == key.InPort)
        {
            _state.Counters.Astray++;
            _state.Writer.Drop(frame);
            return;
        }
        _state.Rules.Ensure(RuleKind.Transit, RuleMatches.Transit(key.InPort, key.DlVlan, key.DlDst), 0, action, _state.Options.ForwardingIdleSeconds, now);
        _state.Writer.PacketOut(frame, action);
    }

    private void FromHost(in Frame frame, in FlowKey key, long now)
    {
        if (_state.View.Tags.IsReserved(key.DlVlan))
        {
            RefuseTag(frame, key);
            return;
        }
        // A node's address is where the node is, whatever a host says.
        if (!key.DlSrc.IsMulticast && !_state.View.IsNodeAddress(key.DlSrc)
            && !_forwarder.Learn(new HostKey(key.DlSrc, key.DlVlan), key.InPort, ArpResponder.AddressIn(frame, key), now))
        {
            _state.Writer.Drop(frame);
            return;
        }
        if (!_arp.TryAnswer(frame, key, now))
            Decide(frame, key, mayWait: true, now);
    }

    private void Decide(in Frame frame, in FlowKey key, bool mayWait, long now)
    {
        bool signaling = IsSignaling(key);
        if (signaling || _state.Rules.IsQuiet)
            Forward(frame, key, mayInstall: !signaling, mayWait, now);
        else
            Enter(frame, key, mayWait, now);
    }

    // The filter comes before the routing. Broadcast and multicast match no filter.
    private void Enter(in Frame frame, in FlowKey key, bool mayWait, long now)
    {
        SteeringChoice choice = _state.Flows.Enter(key, now);
        switch (choice.Verdict)
        {
            case SteeringVerdict.Steer:
                Steer(frame, key, choice, now);
                break;
            case SteeringVerdict.Bypass:
                Bypass(frame, key, choice, now);
                break;
            case SteeringVerdict.Drop:
                _state.Counters.FailedClosed++;
                Bypass(frame, key, choice, now);
                break;
            case SteeringVerdict.Wait:
                Wait(frame, key, choice, mayWait, now);
                break;
            default:
                _state.Counters.Unserved += choice.IsUnserved ? 1 : 0;
                Forward(frame, key, mayInstall: true, mayWait, now);
                break;
        }
    }

    private void Forward(in Frame frame, in FlowKey key, bool mayInstall, bool mayWait, long now)
    {
        if (mayWait && IsToWait(frame, key, now))
        {
            AwaitDestination(frame, now);
            return;
        }
        if (!_forwarder.TryForward(frame, key, mayInstall, now) && !(mayWait && TryHold(frame, now, HeldPackets.MostForDestination)))
            _state.Writer.Drop(frame);
    }

    private bool IsToWait(in Frame frame, in FlowKey key, long now) => frame.IsWhole && _state.Earlier.MayTellOf(new HostKey(key.DlDst, key.DlVlan), now);

    // What finds no room is lost: a flood might reach its destination twice.
    private void AwaitDestination(in Frame frame, long now)
    {
        if (TryHold(frame, now, HeldPackets.MostForDestination))
            return;
        _state.Counters.NoRoom++;
        _state.Writer.Drop(frame);
    }

    private bool TryHold(in Frame frame, long now, int most = HeldPackets.Most)
    {
        if (!_held.TryHold(frame, now, most))
            return false;
        _state.Counters.Held++;
        _state.Writer.Release(frame);
        return true;
    }

    private void Steer(in Frame frame, in FlowKey key, in SteeringChoice choice, long now)
    {
        NodeEntry node = _state.View.Snapshot.Node(choice.NodeId)!;
        if (node.Dpid == _state.Dpid)
            _forwarder.EnsureReturn(node, key.DlVlan, key.DlDst, now);
        _state.Rules.Ensure(RuleKind.Steering, RuleMatches.Steering(key, choice.WithTos), choice.OwnerId, choice.Action, _state.Options.SteeringIdleSeconds, now);
        _state.Writer.PacketOut(frame, choice.Action);
        if (choice.IsNew)
            CountPlacement(key, choice.OwnerId, node);
    }

    // The filter's catch rule is above all forwarding, so such a flow needs a rule beside the steering rules.
    private void Bypass(in Frame frame, in FlowKey key, in SteeringChoice choice, long now)
    {
        _state.Rules.Ensure(RuleKind.Bypass, RuleMatches.Steering(key, choice.WithTos), choice.OwnerId, choice.Action, choice.IdleOf(_state.Options), now);
        _state.Writer.PacketOut(frame, choice.Action);
    }

    // A tag that was not given out yet, a link that is just found: a moment. What has waited long enough goes by what its filter asks for when it fails.
    private void Wait(in Frame frame, in FlowKey key, in SteeringChoice choice, bool mayWait, long now)
    {
        if (mayWait && TryHold(frame, now))
            return;
        _state.Counters.Unserved++;
        if (_state.View.Plan.Find(key) is { } plan && plan.Filters.Any(f => f.IsClosed))
        {
            _state.Counters.FailedClosed++;
            _state.Writer.Drop(frame);
        }
        else
        {
            _forwarder.ForwardDone(frame, key, now);
        }
    }

    private void RefuseTag(in Frame frame, in FlowKey key)
    {
        if (_state.Counters.ForeignTags++ == 0)
            _state.Events.Add(new SessionEvent.Alarm($"a host at port {key.InPort} of switch {_state.Dpid:x16} uses VLAN {key.DlVlan}, which carries steered frames between switches; its frames are dropped: give $.steeringVlans a range that no host uses"));
        _state.Writer.Drop(frame);
    }

    // A packet from a node is processed, and known as that by its port: only filters that the node does not serve are asked.
    private void FromNode(in Frame frame, in FlowKey key, NodeEntry node, bool mayWait, long now)
    {
        if (_state.View.Tags.IsReserved(key.DlVlan))
        {
            RefuseTag(frame, key);
            return;
        }
        if (node.Addresses.Contains(key.DlSrc))
            _forwarder.Learn(new HostKey(key.DlSrc, key.DlVlan), key.InPort, ArpResponder.AddressIn(frame, key), now, isSure: true);
        SteeringChoice choice = IsSignaling(key) ? default : _state.Flows.Leave(node, key, now);
        if (choice.Verdict == SteeringVerdict.Steer)
            Chain(frame, key, node, choice, now);
        else if (mayWait && IsToWait(frame, key, now))
            AwaitDestination(frame, now);
        else if (key.DlDst.IsMulticast || !_state.Hops.TryToHost(key.DlDst, key.DlVlan, isTagged: false, out RuleAction action))
            _forwarder.FloodDone(frame, key.DlDst, key.DlVlan, FlowKey.NoVlan, except: SourceOf(key), now);
        else if (action.Port == key.InPort)
            _state.Writer.Drop(frame);
        else
            Return(frame, key, node, choice, action, now);
    }

    private void Chain(in Frame frame, in FlowKey key, NodeEntry from, in SteeringChoice choice, long now)
    {
        NodeEntry node = _state.View.Snapshot.Node(choice.NodeId)!;
        if (node.Dpid == _state.Dpid && node != from)
            _forwarder.EnsureReturn(node, key.DlVlan, key.DlDst, now);
        _state.Rules.Ensure(RuleKind.Chain, RuleMatches.Steering(key, choice.WithTos), choice.OwnerId, choice.Action, _state.Options.SteeringIdleSeconds, now);
        _state.Writer.PacketOut(frame, choice.Action);
    }

    private void Return(in Frame frame, in FlowKey key, NodeEntry node, in SteeringChoice choice, RuleAction action, long now)
    {
        if (choice.Verdict == SteeringVerdict.Bypass)
            _state.Rules.Ensure(RuleKind.Chain, RuleMatches.Steering(key, choice.WithTos), choice.OwnerId, action, _state.Options.SteeringIdleSeconds, now);
        else if (!IsSignaling(key))
            _forwarder.RefreshReturn(node, key.DlVlan, key.DlDst, now);
        _state.Writer.PacketOut(frame, action);
    }

    private bool IsWithinBudget(ushort port, long now)
    {
        (long since, int count) = _attachments.GetValueOrDefault(port);
        bool same = now - since < 1000;
        _attachments[port] = same ? (since, count + 1) : (now, 1);
        return !same || count < _state.Options.AttachmentsPerSecond;
    }

    private ushort SourceOf(in FlowKey key)
    {
        if (_state.Pins.TryFind(new FlowId(key.Tuple, FlowId.AnyTos), out Pin pin) && pin.EnteredAt.Dpid == _state.Dpid)
            return pin.EnteredAt.Port;
        return _state.Places.TryFindHere(key.DlSrc, key.DlVlan, out ushort port) ? port : PortNo.None;
    }

    private void CountPlacement(in FlowKey key, uint owner, NodeEntry node)
    {
        _state.Counters.Placements++;
        if (_state.IsWorthTelling(owner))
            _state.Events.Add(new SessionEvent.Placed(_state.Dpid, owner, node.NodeId, key.Tuple.ToString()));
    }
}

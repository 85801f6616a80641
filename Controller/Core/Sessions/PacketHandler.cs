using System.Buffers.Binary;
using NetServ.Controller.Core.Forwarding;
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
        else if (_state.View.NodeAt(key.InPort) is { } node)
            FromNode(frame, key, node, now);
        else
            FromPort(frame, key, now);
    }

    // A pair of addresses whose rule was sent a moment ago: its packets that were under way take the way that was decided, unless a filter wants this one.
    private bool TryRepeat(in Frame frame, in FlowKey key, long now)
    {
        if (!_forwarder.Decided.TryFind(key, _state.Rules.Epoch, now, out ushort port) || key.DlType == EtherTypes.Arp || IsSignaling(key))
            return false;
        if (_state.View.HasFilters && key.DlType == EtherTypes.Ipv4 && _state.View.IsMatched(key))
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
    private static bool IsReserved(MacAddress address) => (address.Value & ~0xful) == 0x0180_c200_0000;

    private static bool IsSignaling(in FlowKey key) =>
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

    // Steered where it entered, if anywhere: here it is forwarded only. The catch rule of a filter is above all forwarding, so a flow that matches one
    // needs a rule beside the steering rules.
    private void FromLink(in Frame frame, in FlowKey key, long now)
    {
        if (key.DlType != EtherTypes.Ipv4 || key.DlDst.IsMulticast || IsSignaling(key) || _state.View.CandidatesFor(key, out uint owner, out _) == 0)
            _forwarder.Forward(frame, key, mayInstall: !IsSignaling(key), now);
        else if (!_state.Places.TryFind(key.DlSrc, key.DlDst, key.DlVlan, out ushort port))
            _forwarder.Flood(frame, PortNo.None, now);
        else
            Bypass(frame, key, owner, port, now);
    }

    private void FromHost(in Frame frame, in FlowKey key, long now)
    {
        // A node's address is where the node is, whatever a host says.
        if (!key.DlSrc.IsMulticast && !_state.View.IsNodeAddress(key.DlSrc)
            && !_forwarder.Learn(new HostKey(key.DlSrc, key.DlVlan), key.InPort, ArpResponder.AddressIn(frame, key), now))
        {
            _state.Writer.Drop(frame);
            return;
        }
        if (_arp.TryAnswer(frame, key, now))
            return;
        bool signaling = IsSignaling(key);
        if (signaling || !TrySteer(frame, key, now))
            _forwarder.Forward(frame, key, mayInstall: !signaling, now);
    }

    // The filter comes before the routing. Broadcast and multicast match no filter.
    private bool TrySteer(in Frame frame, in FlowKey key, long now)
    {
        if (key.DlType != EtherTypes.Ipv4 || key.DlDst.IsMulticast)
            return false;
        ulong candidates = _state.View.CandidatesFor(key, out uint owner, out bool matched);
        if (candidates == 0 || _state.Rules.IsQuiet)
        {
            if (matched)
                _state.Counters.Unserved++;
            return false;
        }
        if (TryBypass(frame, key, owner, now))
            return true;
        NodeEntry node = _state.Pins.Place(key, candidates, now, out bool placed);
        _forwarder.EnsureReturn(node, key.DlVlan, key.DlDst, now);
        _state.Rules.Ensure(RuleKind.Steering, RuleMatches.Steering(key), owner, node.Port, _state.Options.SteeringIdleSeconds, now);
        _state.Writer.PacketOut(frame, node.Port);
        if (placed)
            CountPlacement(key, owner, node);
        return true;
    }

    // A destination at the port where the packet came in, or at a node's: a detour would bring the packet to it twice, or round and round. The
    // filter's catch rule is above all forwarding, so such a flow needs a rule beside the steering rules.
    private bool TryBypass(in Frame frame, in FlowKey key, uint owner, long now)
    {
        if (!_state.Places.TryFind(key.DlSrc, key.DlDst, key.DlVlan, out ushort port) || (port != key.InPort && _state.View.NodeAt(port) is null))
            return false;
        Bypass(frame, key, owner, port, now);
        return true;
    }

    private void Bypass(in Frame frame, in FlowKey key, uint owner, ushort port, long now)
    {
        ushort output = port == key.InPort ? PortNo.None : port;
        _state.Rules.Ensure(RuleKind.Bypass, RuleMatches.Steering(key), owner, output, _state.Options.BypassIdleSeconds, now);
        if (output == PortNo.None)
            _state.Writer.Drop(frame);
        else
            _state.Writer.PacketOut(frame, output);
    }

    // A packet from a node is processed, and known as that by its port alone: no filter is asked again.
    private void FromNode(in Frame frame, in FlowKey key, NodeEntry node, long now)
    {
        if (node.Addresses.Contains(key.DlSrc))
            _forwarder.Learn(new HostKey(key.DlSrc, key.DlVlan), key.InPort, ArpResponder.AddressIn(frame, key), now, isSure: true);
        if (key.DlDst.IsMulticast || !_state.Places.TryFind(default, key.DlDst, key.DlVlan, out ushort port))
        {
            _forwarder.Flood(frame, except: SourceOf(key), now);
            return;
        }
        if (port == key.InPort)
        {
            _state.Writer.Drop(frame);
            return;
        }
        if (!IsSignaling(key))
            _forwarder.RefreshReturn(node, key.DlVlan, key.DlDst, now);
        _state.Writer.PacketOut(frame, port);
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
        if (_state.Pins.TryFind(key.Tuple, out Pin pin))
            return pin.InPort;
        return _state.Places.TryFindHere(key.DlSrc, key.DlVlan, out ushort port) ? port : PortNo.None;
    }

    private void CountPlacement(in FlowKey key, uint owner, NodeEntry node)
    {
        _state.Counters.Placements++;
        if (_state.IsWorthTelling(owner))
            _state.Events.Add(new SessionEvent.Placed(_state.Dpid, owner, node.NodeId, key.Tuple.ToString()));
    }
}

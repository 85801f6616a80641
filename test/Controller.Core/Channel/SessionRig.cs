using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Tests.Support;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Channel;

/// <summary>A session and the switch's words to it, on a clock turned by hand.</summary>
internal sealed class SessionRig
{
    private static readonly FlowPins s_pins = new SwitchSessionOptions().NewPins();
    private readonly byte[] _packet = new byte[256];

    private readonly ForwardingMode _mode;

    public SessionRig(ForwardingMode mode, SwitchSessionOptions? options = null, ClaimDatapath? claim = null, HostDirectory? hosts = null)
    {
        _mode = mode;
        Session = new SwitchSession((options ?? new SwitchSessionOptions()) with { Forwarding = mode }, Snapshot.Empty, "10.0.0.1:5000", 0, hosts ?? new HostDirectory(), s_pins, claim);
    }

    public SwitchSession Session { get; }

    public long Now { get; set; }

    /// <summary>What the session has sent since the last call.</summary>
    public List<byte[]> Take()
    {
        List<byte[]> messages = Messages.In(Session.Output);
        Session.Output.Sent(Session.Output.Length);
        return messages;
    }

    public static MessageKind KindOf(byte[] message) => MessageTable.TryIdentify(message, out MessageKind kind, out _) ? kind : throw new FormatException();

    public int Say<T>(in T message)
        where T : struct, IMessage, allows ref struct
    {
        byte[] bytes = new byte[message.Length];
        message.Write(bytes);
        return Session.Receive(bytes, Now);
    }

    public SessionRig Greet()
    {
        Say(new Hello { Xid = 1 });
        return this;
    }

    public SessionRig SayFeatures(ulong dpid = 1)
    {
        PhyPort[] ports = [.. Enumerable.Range(1, 4).Select(i => new PhyPort { PortNumber = (ushort)i, Name = PortName.From($"eth{i}"), HardwareAddress = new MacAddress((ulong)i) })];
        Say(new FeaturesReply { Xid = 1, DatapathId = dpid, BufferCount = 0, TableCount = 1, Ports = ports });
        return this;
    }

    public SessionRig SayRules(bool more = false)
    {
        Session.Receive([1, (byte)MessageType.StatsReply, 0, 12, 0, 0, 0, 4, 0, 1, 0, more ? (byte)1 : (byte)0], Now);
        return this;
    }

    /// <summary>To the end of the handshake, and on until the ports are edges where frames are routed.</summary>
    public SessionRig Finish()
    {
        Greet().SayFeatures();
        Take();
        SayRules();
        Header.TryRead(Take().Last(m => KindOf(m) == MessageKind.BarrierRequest), out Header barrier);
        Say(new BarrierReply(barrier.Xid));
        Take();
        Now += _mode == ForwardingMode.Routed ? LinkDiscovery.ProbingFor : 0;
        return this;
    }

    /// <summary>A PACKET_IN of a frame between two hosts.</summary>
    public ReadOnlySpan<byte> Packet(ushort port, ulong source, ulong destination)
    {
        Span<byte> frame = stackalloc byte[60];
        frame.Clear();
        new MacAddress(destination).WriteTo(frame);
        new MacAddress(source).WriteTo(frame[6..]);
        frame[12] = 0x88;
        frame[13] = 0xb6;
        PacketIn message = new() { BufferId = BufferId.None, TotalLength = 60, InPort = port, Reason = PacketInReason.NoMatch, Data = frame };
        return _packet.AsSpan(0, message.Write(_packet));
    }

    public void Deliver(ushort port, ulong source, ulong destination) => Session.Receive(Packet(port, source, destination), Now);
}

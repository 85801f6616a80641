using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Tests.Support;

/// <summary>A session with a switch whose every byte a test writes: ports 1 to 3 for hosts, 11 and 12 for nodes.</summary>
internal sealed class SessionRig
{
    public const uint Owner = 7;
    private readonly byte[] _message = new byte[4096];

    private readonly ForwardingMode _mode;

    public SessionRig(ForwardingMode mode, SwitchSessionOptions? options = null, params FilterEntry[] filters)
    {
        NodeEntry[] nodes = [Node(1), Node(2)];
        _mode = mode;
        Session = new SwitchSession((options ?? new SwitchSessionOptions()) with { Forwarding = mode }, new Snapshot(1, FilterSet.Of(filters), [.. nodes]), "switch", 0, new HostDirectory(64));
    }

    public delegate void EntryWriter(ref FlowStatsReplyWriter writer);

    public SwitchSession Session { get; }

    public long Now { get; set; } = 1000;

    public static FilterEntry Filter { get; } = FilterFor(Owner, "10.0.0.1");

    public static MacAddress MacOf(int host) => new(0x0200_0a00_0000 + (ulong)host);

    public static Ipv4Address IpOf(int host) => new(0x0a00_0000 + (uint)host);

    public static FilterEntry FilterFor(uint owner, string address)
    {
        FlowFilter filter = new(IpProtocols.Udp, 5060, Ipv4Prefix.Parse(address + "/32"));
        return new FilterEntry(owner, filter, SteeringTerms.Default, [1, 2]);
    }

    /// <summary>The whole handshake; the switch says that it has the rules which <paramref name="write"/> writes.</summary>
    public SessionRig Connect(EntryWriter? write = null)
    {
        Send(new Hello { Xid = 1 });
        PhyPort[] ports = [.. ((ushort[])[1, 2, 3, 11, 12]).Select(p => new PhyPort { PortNumber = p, HardwareAddress = new MacAddress(p) })];
        Send(new FeaturesReply { Xid = 2, DatapathId = 1, Ports = ports });
        byte[] reply = new byte[16_384];
        FlowStatsReplyWriter writer = new(reply, 3);
        write?.Invoke(ref writer);
        Session.Receive(reply.AsSpan(0, writer.Finish(more: false)), Now);
        uint barrier = Sent().Last(m => m[1] == (byte)MessageType.BarrierRequest) is { } last && Header.TryRead(last, out Header header) ? header.Xid : 0;
        HandshakeMessages = Sent();
        Session.Output.Sent(Session.Output.Length);
        Send(new BarrierReply(barrier));
        Assert.That(Session.IsRunning, Is.True);
        PassProbing();
        return this;
    }

    /// <summary>Where frames are routed, lets so much time go by that ports are edges.</summary>
    public void PassProbing() => Now += _mode == ForwardingMode.Routed ? LinkDiscovery.ProbingFor : 0;

    /// <summary>What was sent up to the handshake's barrier.</summary>
    public List<byte[]> HandshakeMessages { get; private set; } = [];

    public void Send<T>(in T message)
        where T : struct, IMessage, allows ref struct
    {
        int length = message.Write(_message);
        Session.Receive(_message.AsSpan(0, length), Now);
    }

    /// <summary>A UDP packet of one host to another comes up at a port.</summary>
    public void PacketIn(ushort port, int from, int to, ushort toPort = 5060, ushort fromPort = 40000) => Send(MessageOf(port, Udp(from, to, toPort, fromPort)));

    public static PacketIn MessageOf(ushort port, byte[] frame) =>
        new() { Xid = 9, BufferId = BufferId.None, TotalLength = (ushort)frame.Length, InPort = port, Data = frame };

    public static byte[] Udp(int from, int to, ushort toPort = 5060, ushort fromPort = 40000)
    {
        byte[] frame = new byte[Frames.UdpOverhead + 8];
        Frames.WriteUdp(frame, MacOf(from), MacOf(to), IpOf(from), IpOf(to), fromPort, toPort, new byte[8]);
        return frame;
    }

    /// <summary>Messages that wait, taken out.</summary>
    public List<byte[]> Take()
    {
        List<byte[]> messages = Sent();
        Session.Output.Sent(Session.Output.Length);
        return messages;
    }

    /// <summary>The FLOW_MODs among messages as (priority, command).</summary>
    public static List<(ushort Priority, FlowModCommand Command, Match Match)> FlowMods(IEnumerable<byte[]> messages)
    {
        List<(ushort, FlowModCommand, Match)> found = [];
        foreach (byte[] message in messages)
        {
            if (FlowMod.TryRead(message, out FlowMod mod, out _))
                found.Add((mod.Priority, mod.Command, mod.Match));
        }
        return found;
    }

    private static NodeEntry Node(uint id) => new(id, $"n{id}", 1, (ushort)(10 + id), 1, [new MacAddress(0x0200_0000_0000ul + id)], true, true);

    private List<byte[]> Sent() => Messages.In(Session.Output);
}

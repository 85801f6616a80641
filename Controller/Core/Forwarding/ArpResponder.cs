using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>Answers who has an IPv4 address where that was heard lately, so that the question is not flooded through the network.</summary>
internal sealed class ArpResponder(SwitchState state)
{
    private readonly byte[] _reply = new byte[EthernetView.HeaderSize + VlanView.HeaderSize + ArpView.Size];

    /// <summary>The address that a frame names as its sender's own: that of ARP only, since a router sends for many.</summary>
    public static Ipv4Address AddressIn(in Frame frame, in FlowKey key) =>
        key.DlType == EtherTypes.Arp && TryRead(frame, key, out ArpView arp) && arp.SenderMac == key.DlSrc ? arp.SenderIp : default;

    /// <summary>Answers a request out of the port where it came in; false if it is none, or nobody is known to answer for.</summary>
    public bool TryAnswer(in Frame frame, in FlowKey key, long now)
    {
        if (!CanAnswer(state, key, now, out MacAddress target) || !TryRead(frame, key, out ArpView arp) || arp.SenderMac != key.DlSrc)
            return false;
        int length = Frames.WriteArpReply(_reply, target, key.NwDst, key.DlSrc, key.NwSrc, key.DlVlan);
        state.Counters.ArpAnswers++;
        state.Writer.Release(frame);
        state.Writer.Originate(_reply.AsSpan(0, length), frame.InPort);
        return true;
    }

    /// <summary>Whether a packet asks for a host that is known, and who that is.</summary>
    public static bool CanAnswer(SwitchState state, in FlowKey key, long now, out MacAddress target)
    {
        target = default;
        if (!state.Places.IsRouted || state.Options.AnswerFor == 0 || key.DlType != EtherTypes.Arp || key.NwProto != ArpView.Request || !key.DlDst.IsBroadcast || key.NwSrc == key.NwDst)
            return false;
        bool known = state.Places.Hosts.TryFind(key.NwDst, key.DlVlan, now, state.Options.AnswerFor, out HostKey who);
        target = who.Address;
        // Who asks for one behind his own port is heard by him as well.
        return known && state.Places.Hosts.TryFind(who, out PortId at) && at != new PortId(state.Dpid, key.InPort)
            && state.Places.TryFind(key.DlSrc, target, key.DlVlan, out _);
    }

    private static bool TryRead(in Frame frame, in FlowKey key, out ArpView arp)
    {
        int at = EthernetView.HeaderSize + (key.DlVlan == FlowKey.NoVlan ? 0 : VlanView.HeaderSize);
        arp = default;
        return frame.Data.Length > at && ArpView.TryRead(frame.Data[at..], out arp);
    }
}

using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Tests.Support;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Tests.Sessions;

/// <summary>Packets that come up one by one, a millisecond after the other, and what they allocate.</summary>
internal static class PacketRun
{
    // The event, its array and a host in it.
    private const int HostTold = 96;

    /// <summary>Bytes allocated, but for what Core is told of hosts: each costs that once in half a minute, however many packets it sends.</summary>
    /// <param name="rig">The session.</param>
    /// <param name="messages">PACKET_INs, sent again and again.</param>
    /// <param name="count">How many are sent.</param>
    /// <param name="hosts">Hosts that send them.</param>
    public static long Play(SessionRig rig, byte[][] messages, int count, int hosts = 1)
    {
        long told = 0;
        rig.Session.Events.Clear();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < count; i++)
        {
            rig.Session.Receive(messages[i % messages.Length], rig.Now++);
            rig.Session.Output.Sent(rig.Session.Output.Length);
            told += TakeTold(rig);
        }
        return GC.GetAllocatedBytesForCurrentThread() - before - Math.Min(told, hosts * (1 + count / HostDirectory.TellEvery)) * HostTold;
    }

    public static byte[] Bytes(ushort port, int from, int to, ushort toPort, ushort fromPort)
    {
        PacketIn message = SessionRig.MessageOf(port, SessionRig.Udp(from, to, toPort, fromPort));
        byte[] bytes = new byte[message.Length];
        message.Write(bytes);
        return bytes;
    }

    private static int TakeTold(SessionRig rig)
    {
        int told = 0;
        foreach (SessionEvent said in rig.Session.Events)
            told += said is SessionEvent.HostsHeard heard ? heard.Hosts.Length : 0;
        rig.Session.Events.Clear();
        return told;
    }
}

using NetServ.Controller.Core.Sessions;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Support;

/// <summary>What a session has to send.</summary>
internal static class Messages
{
    /// <summary>The messages that wait but for probes of links: those are sent where frames are routed, whatever else happens.</summary>
    public static List<byte[]> In(OutputBuffer output)
    {
        List<byte[]> messages = [];
        ReadOnlySpan<byte> bytes = output.Pending.Span;
        while (Framing.TryReadFrame(ref bytes, out ReadOnlySpan<byte> message, out _))
        {
            if (!IsProbe(message))
                messages.Add(message.ToArray());
        }
        return messages;
    }

    private static bool IsProbe(ReadOnlySpan<byte> message) =>
        PacketOut.TryRead(message, out PacketOut packet, out _) && EthernetView.TryRead(packet.Data, out EthernetView frame) && frame.Type == EtherTypes.Lldp;
}

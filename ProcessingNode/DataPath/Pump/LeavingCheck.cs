using System.Buffers.Binary;
using NetServ.Modules.Abstractions;
using NetServ.Node.DataPath.Containers;
using NetServ.Packets;

namespace NetServ.Node.DataPath.Pump;

/// <summary>Whether a frame that a container gave back may leave the node. Containers are not trusted.</summary>
internal sealed class LeavingCheck(IReadOnlyList<MacAddress> ownMacs, IReadOnlyList<Ipv4Address> ownAddresses)
{
    private const int LongestFrame = 1518 + 4;
    private readonly MacAddress[] _ownMacs = [.. ownMacs];
    private readonly Ipv4Address[] _ownAddresses = [.. ownAddresses];

    public bool Allows(Span<byte> frame, in PacketState state)
    {
        if (frame.Length < 14 || frame.Length > Math.Max(LongestFrame, state.ReceivedLength))
            return false;
        if (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == AttachmentFrame.EtherType)
            return false;
        Packet packet = new(frame, frame.Length);
        if (packet.EtherType == AttachmentFrame.EtherType)
            return false;
        return state.Emitted ? AllowsEmitted(in packet, in state) : KeepsLink(in packet, in state);
    }

    // The switch knows the frame by its link addresses and by where it comes in.
    private static bool KeepsLink(in Packet packet, in PacketState state) =>
        packet.SourceMac.Value == state.SourceMac && packet.DestinationMac.Value == state.DestinationMac;

    private bool AllowsEmitted(in Packet packet, in PacketState state)
    {
        if (!packet.IsIpv4)
            return false;
        bool macIsKnown = packet.SourceMac.Value == state.DestinationMac || Array.IndexOf(_ownMacs, packet.SourceMac) >= 0;
        bool addressIsKnown = packet.Source.Value == state.Destination || Array.IndexOf(_ownAddresses, packet.Source) >= 0;
        return macIsKnown && addressIsKnown;
    }
}

namespace NetServ.Ports;

/// <summary>Numbers of the Linux packet socket (linux/if_packet.h, linux/if_ether.h, packet(7)).</summary>
internal static class PacketSocketConstants
{
    internal const int SolSocket = 1;
    internal const int SoReceiveBufferForce = 33;
    internal const int SoSendBufferForce = 32;
    internal const int SolPacket = 263;
    internal const int AddMembership = 1;
    internal const int Auxdata = 8;
    internal const int QdiscBypass = 20;
    internal const int IgnoreOutgoing = 23;
    internal const int MembershipPromiscuous = 1;

    internal const ushort AllProtocols = 0x0003;

    internal const int MessageDontWait = 0x40;
    internal const int MessageTruncated = 0x20;

    internal const uint StatusChecksumNotReady = 1 << 3;
    internal const uint StatusVlanValid = 1 << 4;
    internal const uint StatusVlanTypeValid = 1 << 6;

    internal const int NoBufferSpace = 105;
    internal const int TryAgain = 11;
    internal const int Interrupted = 4;
    internal const int NoSuchDevice = 19;
    internal const int NoSuchDeviceOrAddress = 6;
    internal const int NetworkDown = 100;
    internal const int BadDescriptor = 9;

    internal const nuint GetInterfaceFlags = 0x8913;
    internal const nuint GetInterfaceMtu = 0x8921;
    internal const ushort FlagsUpAndRunning = 0x1 | 0x40;
}

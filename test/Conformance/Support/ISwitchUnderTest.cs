using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Conformance.Tests.Support;

/// <summary>
/// A switch with ports 1 to 4 and LOCAL, queue 0 at each, whose table is empty and whose time is turned by hand. Two controllers are
/// connected, the way a switch calls its controllers.
/// </summary>
internal interface ISwitchUnderTest
{
    /// <summary>Whether it is Open vSwitch, for sentences where the two differ.</summary>
    bool IsOpenVSwitch { get; }

    IControllerEnd First { get; }

    IControllerEnd Second { get; }

    /// <summary>A connection that calls the switch, as ovs-ofctl does; nothing has been sent over it.</summary>
    IControllerEnd Call();

    /// <summary>A frame comes in by a port.</summary>
    void Inject(ushort port, byte[] frame);

    /// <summary>What has left by ports 1 to 4 since the last call, in the order of ports.</summary>
    List<(ushort Port, byte[] Frame)> TakeFrames();

    /// <summary>Time goes on.</summary>
    void Advance(TimeSpan time);

    /// <summary>Both controllers leave and do not come back, until the switch takes the channel for lost.</summary>
    void LoseControllers();

    /// <summary>The table holds so many entries from now on, and none yet.</summary>
    void LimitTable(int entries);

    /// <summary>A port is taken away or added again.</summary>
    void RemovePort(ushort port);

    void AddPort(ushort port);

    /// <summary>Hardware address of a port.</summary>
    MacAddress AddressOf(ushort port);

    /// <summary>As at the start.</summary>
    void Reset();
}

/// <summary>The ports of every switch under test.</summary>
internal static class TestPorts
{
    public static readonly ushort[] Numbers = [1, 2, 3, 4];

    public const ulong DatapathId = 0x1234;

    /// <summary>What a switch says of one of its ports.</summary>
    public static PhyPort Describe(IControllerEnd controller, ushort port)
    {
        controller.Send(new FeaturesRequest(1));
        Assert.That(FeaturesReply.TryRead(controller.TakeOne(MessageKind.FeaturesReply), out FeaturesReply reply, out _), Is.True);
        foreach (PhyPort candidate in reply.Ports)
            if (candidate.PortNumber == port)
                return candidate;
        throw new AssertionException($"the switch tells of no port {port}");
    }
}

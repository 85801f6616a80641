using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Tests.Support;

namespace NetServ.Controller.Core.Tests.Sessions;

/// <summary>Once tables have their size, a PACKET_IN costs no memory.</summary>
[TestFixture(ForwardingMode.Routed)]
[TestFixture(ForwardingMode.Learning)]
public class AllocationTests(ForwardingMode mode)
{
    private const int Rounds = 5000;
    private const int Flows = 64;

    // So long that what grows with use (the memory of sent rules, to 4096) has its size: a rule is sent again once in a thousand packets.
    private const int WarmUp = 300_000;

    [TestCase(1, 11, 1, 5060, "a flow that is steered")]
    [TestCase(1, 3, 2, 5060, "a packet that comes back from a node", 11)]
    [TestCase(1, 3, 2, 80, "other traffic")]
    [TestCase(1, 3, 99, 80, "an unknown destination")]
    [TestCase(1, 3, 3, 80, "a destination at the same port")]
    public void A_PacketIn_allocates_nothing(int port, int from, int to, int toPort, string what, int nodePort = 0)
    {
        SessionRig rig = new SessionRig(mode, null, SessionRig.Filter).Connect();
        rig.PacketIn(2, 1, 3, toPort: 9);
        rig.PacketIn(1, 3, 1, toPort: 9);
        rig.PacketIn(2, 2, 3, toPort: 9);
        byte[][] messages = [.. Enumerable.Range(0, Flows).Select(flow => PacketRun.Bytes((ushort)(nodePort > 0 ? nodePort : port), from, to, (ushort)toPort, (ushort)(1000 + flow)))];
        PacketRun.Play(rig, messages, WarmUp);
        long packets = rig.Session.Counters.PacketIns;
        Assert.That(PacketRun.Play(rig, messages, Rounds), Is.Zero, what);
        Assert.That(rig.Session.Counters.PacketIns - packets, Is.EqualTo(Rounds), what);
    }

    [Test]
    public void A_full_pin_table_costs_no_memory_either()
    {
        SessionRig rig = new SessionRig(mode, new() { MaxPins = 4, MaxRules = 16 }, SessionRig.Filter).Connect();
        rig.PacketIn(2, 1, 3, toPort: 9);
        byte[][] messages = [.. Enumerable.Range(0, Flows).Select(flow => PacketRun.Bytes(1, 3, 1, 5060, (ushort)(1000 + flow)))];
        PacketRun.Play(rig, messages, WarmUp);
        Assert.That(PacketRun.Play(rig, messages, Rounds), Is.Zero);
        Assert.That(rig.Session.State.Rules.All, Has.Count.LessThanOrEqualTo(16));
    }
}

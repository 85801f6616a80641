using NetServ.Emulation.Switch;
using NetServ.Emulation.Switch.Profiles;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Tests.Support;

/// <summary>A switch with a profile on a bench: frames of numbered flows go in by port 1, and time passes by the switch's own deadlines.</summary>
internal sealed class ProfiledBench(SwitchProfile profile, int seed = 1)
{
    private readonly TimeSpan _start = TimeSpan.FromSeconds(100);

    public SwitchBench Bench { get; } = new(SwitchOptions.WithPorts(0x1234, 4) with { Profile = profile, ProfileSeed = seed });

    /// <summary>Milliseconds since the start.</summary>
    public double Elapsed => (Bench.Now - _start).TotalMilliseconds;

    public static Match Flow(int number) => Match.Any.WithDlType(Packets.EtherTypes.Ipv4).WithNwProto(Packets.IpProtocols.Udp).WithTpDst((ushort)number);

    /// <summary>A rule for a flow, to a port.</summary>
    public void Rule(int flow, ushort port, ushort priority = 100, FlowModCommand command = FlowModCommand.Add) =>
        Bench.FlowMod(Flow(flow), (ref w) => w.Output(port), priority, command);

    /// <summary>The ports by which a frame of a flow leaves now.</summary>
    public ushort[] Frame(int flow)
    {
        ushort[] ports = Bench.In(1, TestFrames.Udp(destinationPort: (ushort)flow));
        return ports;
    }

    /// <summary>Lets time pass up to so many milliseconds after the start, and the switch do what is due, when it is due and not otherwise.</summary>
    public void Until(double milliseconds)
    {
        TimeSpan end = _start + TimeSpan.FromMilliseconds(milliseconds);
        while (Bench.Switch.NextDeadline is { } due && due <= end)
        {
            Assert.That(due, Is.GreaterThanOrEqualTo(Bench.Now), "what is due was done");
            Bench.Now = due;
            Bench.Switch.Tick(due);
        }
        Bench.Now = end;
    }

    /// <summary>When the switch has nothing to do any more, for each flow the milliseconds after which it went to the port; only by its own deadlines.</summary>
    public Dictionary<int, double> Arrivals(IEnumerable<int> flows, ushort port)
    {
        Dictionary<int, double> arrivals = [];
        while (true)
        {
            foreach (int flow in flows)
                if (!arrivals.ContainsKey(flow) && Frame(flow).SequenceEqual([port]))
                    arrivals.Add(flow, Elapsed);
            Bench.Take();
            if (Bench.Switch.NextDeadline is not { } due)
                return arrivals;
            Bench.Now = due;
            Bench.Switch.Tick(due);
        }
    }

    /// <summary>The kinds of messages that have come since the last call.</summary>
    public MessageKind[] Answers() => [.. Bench.Take().Select(SwitchBench.KindOf)];
}

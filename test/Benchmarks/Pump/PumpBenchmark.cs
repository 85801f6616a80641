using System.Text;
using NetServ.Modules.Abstractions;
using NetServ.Modules.Mark;
using NetServ.Node.Containers.Inline;
using NetServ.Node.DataPath.Classification;
using NetServ.Node.DataPath.Pump;
using NetServ.Packets;

namespace NetServ.Benchmarks.Pump;

/// <summary>Time and bytes allocated per packet from the port through classifier, Mark and back, for 1 to 1,000 filters. Fails when a byte is allocated.</summary>
internal static class PumpBenchmark
{
    private const int Packets = 256_000;

    /// <summary>Prints a line for each number of filters and frame size; 1 if any allocates.</summary>
    public static int Run(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            Console.Error.WriteLine("pump takes no options");
            return 2;
        }
        bool allocates = false;
        Console.WriteLine($"{"filters",8} {"bytes",6} {"ns/packet",10} {"packets/s",12} {"B/packet",9}");
        foreach (int filters in (int[])[1, 10, 100, 1000])
        {
            foreach (int size in (int[])[64, 1500])
            {
                Cost cost = Measure(filters, size);
                allocates |= cost.Allocated > 0;
                Console.WriteLine($"{filters,8} {size,6} {cost.Nanoseconds,10:f1} {1e9 / cost.Nanoseconds,12:n0} {cost.Allocated,9:f1}");
            }
        }
        return allocates ? 1 : 0;
    }

    private static Cost Measure(int filters, int size)
    {
        using RepeatingPort port = new(Frame(size));
        PacketPump pump = new(port, [], [], new());
        InlineContainer container = new();
        MarkModule mark = new();
        mark.Start(new ModuleContext(new Dictionary<string, string>(), _ => { }, TimeProvider.System));
        container.Set(new ModuleInstance(1, 0, mark, failClosed: false));
        FilterEntry[] entries = [new(1, Filter(0), FilterFate.Process, container), .. Enumerable.Range(1, filters - 1).Select(i => new FilterEntry((uint)i + 1, Filter(i), FilterFate.PassUnprocessed))];
        pump.Publish(new Classifier(entries), [container]);
        Meter meter = default;
        for (int round = 0; round < 2 * Meter.Rounds; round++)
        {
            long before = port.Sent;
            meter.Start();
            while (port.Sent - before < Packets)
                pump.Turn(TimeSpan.Zero);
            meter.Stop((int)(port.Sent - before));
        }
        return meter.Best;
    }

    // Different addresses and ports, with prefixes of four lengths.
    private static PacketFilter Filter(int i) => i == 0
        ? new PacketFilter(Ipv4Prefix.Parse("10.0.0.1/32"), IpProtocols.Udp, 5060)
        : new PacketFilter(new Ipv4Prefix(new Ipv4Address(0x0a000000u + ((uint)i << 8)), 24 + i % 4), IpProtocols.Udp, (ushort)(5060 + i % 10));

    private static byte[] Frame(int size)
    {
        byte[] frame = new byte[size];
        byte[] payload = Encoding.ASCII.GetBytes("id=1 stamp=00".PadRight(size - Frames.UdpOverhead, '.'));
        Frames.WriteUdp(frame, new MacAddress(0x02_0000_0000_0a), new MacAddress(0x02_0000_0000_0b), Ipv4Address.Parse("10.0.0.10"), Ipv4Address.Parse("10.0.0.1"), 40000, 5060, payload);
        return frame;
    }
}

using System.Diagnostics;
using System.Globalization;
using NetServ.Bench.Options;
using NetServ.Bench.Switches;
using NetServ.Controller.Core.Sessions;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Benchmarks.Layers;

/// <summary>
/// Where the controller's time for a PACKET_IN goes: the same bytes as on a socket through more and more of it, in this process. What a real
/// run takes beyond all of them is system calls and the loop over the sockets. Fails when a byte is allocated.
/// </summary>
internal static class LayersBenchmark
{
    // Short rounds and many, the layers in turn: the best of each is compiled for good and was not interrupted.
    private const int Laps = 2;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(4);

    /// <summary>Prints a line for each layer; takes what a real run answered in a second of processor time, if there was one.</summary>
    public static int Run(string[] arguments)
    {
        double? measured = null;
        if (arguments.Length == 1 && double.TryParse(arguments[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate) && rate > 0)
            measured = 1e9 / rate;
        else if (arguments.Length > 0)
        {
            Console.Error.WriteLine("usage: benchmarks layers [ANSWERS of a real run in a second of processor time]");
            return 2;
        }
        BenchOptions options = new();
        RunningSession session = new(options);
        Traffic traffic = new(0, options, session.MissSendLength);
        byte[] lap = traffic.Lap;
        Cost[] costs = Measure(traffic, () => Parse(lap), () => ParseAndExtract(lap), Writer(lap, traffic.MessageSize), () => session.Handle(lap));
        Print(costs[0], costs[1], costs[2], costs[3], measured);
        return costs[3].Allocated > 0 ? 1 : 0;
    }

    private static void Print(Cost parse, Cost key, Cost write, Cost all, double? measured)
    {
        Console.WriteLine($"{"layer",-44} {"ns/PACKET_IN",12} {"B",5}");
        Line("framing and reading the message, alone", parse.Nanoseconds, parse.Allocated);
        Line("flow key of the frame, alone", key.Nanoseconds - parse.Nanoseconds, key.Allocated - parse.Allocated);
        Line("writing the PACKET_OUT, alone", write.Nanoseconds, write.Allocated);
        // Less than its parts: what was decided a moment ago about the same addresses needs no key.
        Line("session in all, a decision repeated", all.Nanoseconds, all.Allocated);
        if (measured is not { } whole)
            return;
        Line("system calls and the loop (the rest)", whole - all.Nanoseconds, 0);
        Line("real run", whole, 0);
    }

    private static void Line(string name, double nanoseconds, double allocated) => Console.WriteLine($"{name,-44} {nanoseconds,12:f1} {allocated,5:f1}");

    private static Cost[] Measure(Traffic traffic, params Action[] layers)
    {
        int packets = traffic.Lap.Length / traffic.MessageSize;
        Meter[] meters = new Meter[layers.Length];
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_time)
        {
            for (int i = 0; i < layers.Length; i++)
            {
                meters[i].Start();
                for (int lap = 0; lap < Laps; lap++)
                    layers[i]();
                meters[i].Stop(Laps * packets);
            }
        }
        return [.. meters.Select(m => m.Best)];
    }

    private static void Parse(ReadOnlySpan<byte> bytes)
    {
        MessageAssembler assembler = new();
        while (assembler.TryNext(ref bytes, out ReadOnlySpan<byte> message, out _))
            Read(message);
    }

    private static PacketIn Read(ReadOnlySpan<byte> message)
    {
        if (!MessageTable.TryIdentify(message, out MessageKind kind, out _) || kind != MessageKind.PacketIn || !PacketIn.TryRead(message, out PacketIn packet, out _))
            throw new InvalidOperationException("a PACKET_IN expected");
        return packet;
    }

    private static void ParseAndExtract(ReadOnlySpan<byte> bytes)
    {
        MessageAssembler assembler = new();
        while (assembler.TryNext(ref bytes, out ReadOnlySpan<byte> message, out _))
        {
            PacketIn packet = Read(message);
            if (!FlowKey.TryExtract(packet.Data, packet.InPort, out _))
                throw new InvalidOperationException("a flow key expected");
        }
    }

    // The frame is found at its offset, so that nothing but writing is measured.
    private static Action Writer(byte[] lap, int size)
    {
        const int DataAt = 18;
        OutputBuffer output = new(8 << 20);
        SwitchWriter writer = new(output, new SessionCounters());
        return () =>
        {
            for (int at = 0; at < lap.Length; at += size)
            {
                Frame frame = new() { InPort = 1, BufferId = BufferId.None, Data = lap.AsSpan(at + DataAt, size - DataAt), IsWhole = true };
                writer.PacketOut(frame, 2);
            }
            output.Sent(output.Length);
        };
    }
}

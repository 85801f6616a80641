using NetServ.OpenFlow;
using NetServ.OpenFlow.Tests.Generation;

namespace NetServ.Benchmarks.Codec;

/// <summary>Time and bytes allocated for reading and for writing each message of OpenFlow 1.0. Fails when a byte is allocated.</summary>
internal static class CodecBenchmark
{
    private const int Iterations = 100_000;

    /// <summary>Prints a line for each message; 1 if any allocates.</summary>
    public static int Run(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            Console.Error.WriteLine("codec takes no options");
            return 2;
        }
        List<Row> rows = [];
        MeasureMessages(rows);
        MeasureFlowStats(rows);
        rows.Add(MeasureActions());
        Console.WriteLine($"{"message",-26} {"bytes",6} {"parse ns",9} {"B/op",6} {"emit ns",9} {"B/op",6}");
        foreach (Row row in rows)
            Console.WriteLine($"{row.Name,-26} {row.Bytes,6} {row.Parse.Nanoseconds,9:f1} {row.Parse.Allocated,6:f1} {row.Emit.Nanoseconds,9:f1} {row.Emit.Allocated,6:f1}");
        int allocating = rows.Count(row => row.Parse.Allocated > 0 || row.Emit.Allocated > 0);
        Console.WriteLine(allocating == 0 ? "0 B allocated by all" : $"{allocating} allocate");
        return allocating == 0 ? 0 : 1;
    }

    private static void MeasureMessages(List<Row> rows)
    {
        rows.Add(Measure<Hello>(MessageKind.Hello));
        rows.Add(Measure<ErrorMessage>(MessageKind.Error));
        rows.Add(Measure<EchoRequest>(MessageKind.EchoRequest));
        rows.Add(Measure<EchoReply>(MessageKind.EchoReply));
        rows.Add(Measure<VendorMessage>(MessageKind.Vendor));
        rows.Add(Measure<FeaturesRequest>(MessageKind.FeaturesRequest));
        rows.Add(Measure<FeaturesReply>(MessageKind.FeaturesReply));
        rows.Add(Measure<GetConfigRequest>(MessageKind.GetConfigRequest));
        rows.Add(Measure<GetConfigReply>(MessageKind.GetConfigReply));
        rows.Add(Measure<SetConfig>(MessageKind.SetConfig));
        rows.Add(Measure<PacketIn>(MessageKind.PacketIn));
        rows.Add(Measure<FlowRemoved>(MessageKind.FlowRemoved));
        rows.Add(Measure<PortStatus>(MessageKind.PortStatus));
        rows.Add(Measure<PacketOut>(MessageKind.PacketOut));
        rows.Add(Measure<FlowMod>(MessageKind.FlowMod));
        rows.Add(Measure<PortMod>(MessageKind.PortMod));
        rows.Add(Measure<BarrierRequest>(MessageKind.BarrierRequest));
        rows.Add(Measure<BarrierReply>(MessageKind.BarrierReply));
        rows.Add(Measure<QueueGetConfigRequest>(MessageKind.QueueGetConfigRequest));
        rows.Add(Measure<QueueGetConfigReply>(MessageKind.QueueGetConfigReply));
        rows.Add(Measure<DescStatsRequest>(MessageKind.DescStatsRequest));
        rows.Add(Measure<DescStatsReply>(MessageKind.DescStatsReply));
        rows.Add(Measure<FlowStatsRequest>(MessageKind.FlowStatsRequest));
        rows.Add(Measure<FlowStatsReply>(MessageKind.FlowStatsReply));
        rows.Add(Measure<AggregateStatsRequest>(MessageKind.AggregateStatsRequest));
        rows.Add(Measure<AggregateStatsReply>(MessageKind.AggregateStatsReply));
        rows.Add(Measure<TableStatsRequest>(MessageKind.TableStatsRequest));
        rows.Add(Measure<TableStatsReply>(MessageKind.TableStatsReply));
        rows.Add(Measure<PortStatsRequest>(MessageKind.PortStatsRequest));
        rows.Add(Measure<PortStatsReply>(MessageKind.PortStatsReply));
        rows.Add(Measure<QueueStatsRequest>(MessageKind.QueueStatsRequest));
        rows.Add(Measure<QueueStatsReply>(MessageKind.QueueStatsReply));
        rows.Add(Measure<VendorStatsRequest>(MessageKind.VendorStatsRequest));
        rows.Add(Measure<VendorStatsReply>(MessageKind.VendorStatsReply));
        rows.Add(Measure<NiciraRoleRequest>(MessageKind.NiciraRoleRequest));
        rows.Add(Measure<NiciraRoleReply>(MessageKind.NiciraRoleReply));
        rows.Add(Measure<NiciraSetControllerId>(MessageKind.NiciraSetControllerId));
    }

    private static Row Measure<T>(MessageKind kind)
        where T : struct, IMessage<T>, allows ref struct
    {
        ReadOnlySpan<byte> message = Sample(kind);
        byte[] to = new byte[Framing.MaxLength];
        Cost parse = Parse<T>(message);
        Cost emit = Emit<T>(message, to);
        return new Row(kind.ToString(), message.Length, parse, emit);
    }

    private static byte[] Sample(MessageKind kind)
    {
        byte[] buffer = new byte[RandomMessages.MaxLength];
        return buffer[..new RandomMessages(3) { UnknownVendors = true }.Write(kind, buffer)];
    }

    private static Cost Parse<T>(ReadOnlySpan<byte> message)
        where T : struct, IMessage<T>, allows ref struct
    {
        Meter meter = default;
        for (int round = 0; round < Meter.Rounds; round++)
        {
            meter.Start();
            for (int i = 0; i < Iterations; i++)
            {
                if (!T.TryRead(message, out _, out DecodeError error))
                    throw new InvalidOperationException(error.ToString());
            }
            meter.Stop(Iterations);
        }
        return meter.Best;
    }

    private static Cost Emit<T>(ReadOnlySpan<byte> message, byte[] to)
        where T : struct, IMessage<T>, allows ref struct
    {
        T.TryRead(message, out T value, out _);
        Meter meter = default;
        for (int round = 0; round < Meter.Rounds; round++)
        {
            meter.Start();
            for (int i = 0; i < Iterations; i++)
                value.Write(to);
            meter.Stop(Iterations);
        }
        return meter.Best;
    }

    // What reading a list leaves to its enumerator, and what a switch does to build one.
    private static void MeasureFlowStats(List<Row> rows)
    {
        byte[] message = Sample(MessageKind.FlowStatsReply);
        byte[] to = new byte[Framing.MaxLength];
        Meter walk = default;
        Meter build = default;
        for (int round = 0; round < Meter.Rounds; round++)
        {
            walk.Start();
            for (int i = 0; i < Iterations; i++)
                Walk(message);
            walk.Stop(Iterations);
            build.Start();
            for (int i = 0; i < Iterations; i++)
                Rebuild(message, to);
            build.Stop(Iterations);
        }
        rows.Add(new Row("FlowStatsReply, each flow", message.Length, walk.Best, build.Best));
    }

    private static ulong Walk(ReadOnlySpan<byte> message)
    {
        ulong sum = 0;
        FlowStatsReply.TryRead(message, out FlowStatsReply reply, out _);
        foreach (FlowStatsEntry flow in reply.Entries)
        {
            sum += flow.PacketCount;
            foreach (ActionView action in flow.Actions)
                sum += (ulong)action.Type;
        }
        return sum;
    }

    private static int Rebuild(ReadOnlySpan<byte> message, byte[] to)
    {
        FlowStatsReply.TryRead(message, out FlowStatsReply reply, out _);
        FlowStatsReplyWriter writer = new(to, reply.Xid);
        foreach (FlowStatsEntry flow in reply.Entries)
            writer.TryAppend(flow);
        return writer.Finish(false);
    }

    private static Row MeasureActions()
    {
        byte[] buffer = new byte[64];
        Meter walk = default;
        Meter build = default;
        for (int round = 0; round < Meter.Rounds; round++)
        {
            build.Start();
            for (int i = 0; i < Iterations; i++)
                Build(buffer);
            build.Stop(Iterations);
            walk.Start();
            for (int i = 0; i < Iterations; i++)
            {
                if (!ActionList.TryRead(buffer.AsSpan(0, 32), out ActionList actions, out _) || actions.Count != 3)
                    throw new InvalidOperationException("three actions expected");
            }
            walk.Stop(Iterations);
        }
        return new Row("three actions", 32, walk.Best, build.Best);
    }

    private static void Build(byte[] buffer)
    {
        ActionWriter writer = new(buffer);
        writer.SetVlanVid(7);
        writer.SetDlDst(new Packets.MacAddress(0x0200_0000_0001));
        writer.Output(1);
    }

    private sealed record Row(string Name, int Bytes, Cost Parse, Cost Emit);
}

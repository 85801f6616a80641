using System.Text.Json;
using NetServ.Bench.Loop;
using NetServ.Bench.Options;
using NetServ.Bench.Switches;
using NetServ.Benchmarks.Channel;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Bench.Tests;

/// <summary>What is sent, and what is measured of it.</summary>
public class LoadTests
{
    [Test]
    public void Greedy_switches_are_measured_beside_those_they_disturb()
    {
        BenchProgram run = BenchProgram.Against(new TrivialManners(), "--mode", "latency", "--greedy", "1");
        Assert.That(run.Exit, Is.Zero, run.Errors);
        foreach (string group in (string[])["main", "besideGreedy"])
        {
            JsonElement latency = run.Result.GetProperty(group).GetProperty("latency");
            Assert.That(latency.GetProperty("count").GetInt64(), Is.Positive);
            Assert.That(latency.GetProperty("max").GetDouble(), Is.GreaterThanOrEqualTo(latency.GetProperty("p50").GetDouble()));
        }
        Assert.That(run.Result.GetProperty("greedy").GetProperty("median").GetDouble(), Is.GreaterThan(run.Result.GetProperty("besideGreedy").GetProperty("median").GetDouble()));
    }

    [Test]
    public void The_controllers_processor_time_is_told_if_its_process_is_known()
    {
        BenchProgram run = BenchProgram.Against(new TrivialManners(), "--pid", Environment.ProcessId.ToString(), "--duration", "0.5");
        Assert.That(run.Exit, Is.Zero, run.Errors);
        Assert.That(run.Result.GetProperty("main").GetProperty("controllerNanoseconds").GetDouble(), Is.Positive);
    }

    [Test]
    public void Hosts_talk_in_pairs_between_two_ports()
    {
        foreach (Packet packet in Cut(new Traffic(1, new BenchOptions { Macs = 100, Ports = 3 }, 128).Lap))
        {
            FlowKey key = packet.Key;
            int source = (int)(key.DlSrc.Value & 0xfff_ffff), destination = (int)(key.DlDst.Value & 0xfff_ffff);
            Assert.That(destination, Is.EqualTo(source ^ 1));
            Assert.That(key.InPort, Is.EqualTo(Hosts.PortOf(source, 3)));
            Assert.That(Hosts.PortOf(destination, 3), Is.Not.EqualTo(key.InPort));
            Assert.That(packet.BufferId, Is.EqualTo(BufferId.None));
            Assert.That((packet.Carried, packet.Length), Is.EqualTo((64, 64)));
        }
    }

    [Test]
    public void With_churn_no_source_comes_twice()
    {
        Traffic traffic = new(5, new BenchOptions { Macs = 100, Churn = true }, 128);
        HashSet<MacAddress> sources = [];
        for (int lap = 0; lap < 3; lap++)
        {
            foreach (Packet packet in Cut(traffic.Lap))
            {
                Assert.That(sources.Add(packet.Key.DlSrc), $"{packet.Key.DlSrc} came twice");
                Assert.That((byte)(packet.Key.DlDst.Value >> 40), Is.EqualTo(Hosts.KnownPrefix));
            }
            traffic.Renew();
        }
        Assert.That(sources, Has.Count.GreaterThan(2000));
    }

    [Test]
    public void A_buffered_frame_is_cut_to_what_the_controller_asked_for()
    {
        foreach (Packet packet in Cut(new Traffic(0, new BenchOptions { PacketBytes = 1500, Buffers = 8 }, 96).Lap))
        {
            Assert.That((packet.Carried, packet.Length), Is.EqualTo((96, 1500)));
            Assert.That(packet.BufferId, Is.LessThan(8));
        }
    }

    [Test]
    public void Percentiles_are_right_to_two_percent()
    {
        LatencyHistogram histogram = new();
        for (int microseconds = 1; microseconds <= 10_000; microseconds++)
            histogram.Add(microseconds * System.Diagnostics.Stopwatch.Frequency / 1_000_000);
        Assert.That(histogram.Percentile(0.5), Is.EqualTo(5_000_000).Within(2).Percent);
        Assert.That(histogram.Percentile(0.99), Is.EqualTo(9_900_000).Within(2).Percent);
        Assert.That(histogram.Percentile(1), Is.EqualTo(10_000_000));
        Assert.That(histogram.Longest, Is.EqualTo(10_000_000));
    }

    private static List<Packet> Cut(byte[] lap)
    {
        List<Packet> packets = [];
        ReadOnlySpan<byte> rest = lap;
        while (Framing.TryReadFrame(ref rest, out ReadOnlySpan<byte> message, out _))
        {
            Assert.That(PacketIn.TryRead(message, out PacketIn packet, out DecodeError error), error.ToString());
            Assert.That(FlowKey.TryExtract(packet.Data, packet.InPort, out FlowKey key));
            packets.Add(new Packet(key, packet.BufferId, packet.Data.Length, packet.TotalLength));
        }
        return packets;
    }

    private sealed record Packet(FlowKey Key, uint BufferId, int Carried, int Length);
}

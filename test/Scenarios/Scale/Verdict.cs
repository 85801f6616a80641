using System.Text;

namespace NetServ.Scenarios.Scale;

/// <summary>What is asked of a run at its end.</summary>
internal static class Verdict
{
    private const int ToldPackets = 5;

    /// <summary>Stops the traffic, lets what is under way arrive, and accounts for every packet.</summary>
    public static void AccountForAll(this Testbed bed)
    {
        bed.StopTraffic();
        bed.Pass(1.3);
        List<(SentPacket Packet, string Fault)> faults = [];
        foreach (SentPacket packet in bed.Ledger.Packets)
        {
            if (bed.Judge.FaultOf(packet) is { } fault)
                faults.Add((packet, fault));
        }
        bed.Ledger.Forget([.. bed.Ledger.Packets]);
        if (faults.Count > 0)
            bed.Faults.Add($"{faults.Count} packets are not accounted for:");
        foreach (IGrouping<string, (SentPacket Packet, string Fault)> alike in faults.GroupBy(f => f.Fault).Take(ToldPackets))
        {
            (SentPacket packet, string fault) = alike.First();
            bed.Faults.Add($"  {alike.Count()} times, packet {packet.Id} of {packet.Flow}, sent at {packet.At.TotalMilliseconds:0.000}, first: {fault}\n{packet.Journey()}");
        }
    }

    /// <summary>Fails with the whole story if anything is wrong.</summary>
    public static void Check(this Testbed bed, string name)
    {
        if (bed.Faults.Count == 0)
            return;
        StringBuilder text = new();
        text.Append(name).Append('\n').AppendJoin('\n', bed.Story).Append("\nwrong:\n").AppendJoin('\n', bed.Faults)
            .Append($"\n{bed.Judge.Delivered} packets were delivered; lost: {string.Join(", ", bed.Judge.Losses.Select(l => $"{l.Value} {l.Key}"))}");
        Assert.Fail(text.ToString());
    }
}

using NetServ.Demo.Relays;

namespace NetServ.Demo.Traffic;

/// <summary>Sends packets from their hosts' ports at a pace.</summary>
internal sealed class Sender(IReadOnlyDictionary<ushort, HostPort> ports, int packetsPerSecond)
{
    /// <summary>Packets a second of all flows that run while a request is carried out: at four flows, each sends every 10 ms.</summary>
    private const int RunningPace = 400;

    /// <summary>Sends all, on a thread of its own, the pace held between packets that are not back to back.</summary>
    public Task SendAsync(IEnumerable<Packet> packets, CancellationToken stop) =>
        Task.Factory.StartNew(() => Send(packets, packetsPerSecond, stop), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Sends round after round until <paramref name="enough"/>, a little slower than the rest, then ends normally.</summary>
    public Task SendRoundsAsync(Func<IEnumerable<Packet>> round, CancellationToken enough) =>
        Task.Factory.StartNew(
            () => Send(Rounds(round, enough), Math.Min(RunningPace, packetsPerSecond), CancellationToken.None),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private static IEnumerable<Packet> Rounds(Func<IEnumerable<Packet>> round, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            foreach (Packet packet in round())
                yield return packet;
        }
    }

    private void Send(IEnumerable<Packet> packets, int pace, CancellationToken stop)
    {
        Pacer pacer = new(pace);
        foreach (Packet packet in packets)
        {
            stop.ThrowIfCancellationRequested();
            if (!packet.BackToBack)
                pacer.Wait();
            ports[packet.Port].Send(packet.Frame.Span);
            pacer.Sent();
        }
    }
}

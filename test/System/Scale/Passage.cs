using System.Diagnostics;

namespace NetServ.System.Tests.Scale;

/// <summary>The packets that passed while one thing happened, and what became of them.</summary>
internal sealed class Passage
{
    private readonly PacedTraffic _traffic;

    public Passage(PacedTraffic traffic, int first, int end, long happened, TimeSpan took, bool wasStalled)
    {
        (_traffic, First, End, Happened) = (traffic, first, end, happened);
        WasStalled = wasStalled;
        Pace = (int)Math.Round((end - first) / took.TotalSeconds);
        Lost = [.. Numbers.Where(n => traffic.Copies(n) == 0)];
    }

    /// <summary>Number of its first packet.</summary>
    public int First { get; }

    /// <summary>Number after its last packet.</summary>
    public int End { get; }

    /// <summary>When the thing happened, by <see cref="Stopwatch"/>.</summary>
    public long Happened { get; }

    /// <summary>Packets per second that were sent.</summary>
    public int Pace { get; }

    public int Sent => End - First;

    /// <summary>Whether the machine stood still meanwhile: what took long then shows nothing.</summary>
    public bool WasStalled { get; }

    /// <summary>Numbers of those that did not arrive.</summary>
    public IReadOnlyList<int> Lost { get; }

    public int Duplicated => Numbers.Count(n => _traffic.Copies(n) > 1);

    public int Reordered => Numbers.Count(_traffic.IsLate);

    /// <summary>Arrived, but no module had it.</summary>
    public int Unprocessed => Arrived.Count(n => _traffic.Stamp(n) == 0);

    /// <summary>Arrived, and a module had it more than once.</summary>
    public int ProcessedTwice => Arrived.Count(n => _traffic.Stamp(n) > 1);

    /// <summary>Milliseconds from when it happened until a packet was sent.</summary>
    public double Milliseconds(int number) => (_traffic.SentAt(number) - Happened) * 1000.0 / Stopwatch.Frequency;

    /// <summary>Whether each flow lost one run of packets, if any: nothing in it came through, and nothing outside it was lost.</summary>
    public bool IsOneGapAFlow => Lost.GroupBy(FlowOf).All(flow => flow.Max() - flow.Min() == (flow.Count() - 1) * _traffic.Flows);

    /// <summary>Of which flow a packet is.</summary>
    public int FlowOf(int number) => number % _traffic.Flows;

    private IEnumerable<int> Numbers => Enumerable.Range(First, End - First);

    private IEnumerable<int> Arrived => Numbers.Where(n => _traffic.Copies(n) > 0);
}

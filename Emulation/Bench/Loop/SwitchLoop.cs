using System.Diagnostics;
using NetServ.Bench.Switches;
using NetServ.OpenFlow;

namespace NetServ.Bench.Loop;

/// <summary>One thread over all switches: waits until something can be read or written, reads big, writes big.</summary>
internal sealed class SwitchLoop : IDisposable
{
    private const int ReadSize = 256 * 1024;
    private const int Glance = 100;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly Poller _poller = new();
    private readonly Dictionary<int, FakeSwitch> _switches = [];
    private readonly byte[] _buffer = new byte[ReadSize + Framing.MaxLength];
    private long _nextGlance;

    /// <summary>Switches that have reached their goal since <see cref="Await"/> set it.</summary>
    public int AtGoal { get; private set; }

    /// <summary>Takes a switch in.</summary>
    public void Add(FakeSwitch added)
    {
        _switches.Add(added.Index, added);
        _poller.Watch(added.Handle, added.Index, forWriting: true);
    }

    /// <summary>Lets a switch go and closes its connection.</summary>
    public void Remove(FakeSwitch removed)
    {
        _poller.Forget(removed.Handle, removed.Index);
        _switches.Remove(removed.Index);
        removed.Dispose();
    }

    /// <summary>Runs until all of <paramref name="switches"/> have what they wait for; false if that takes longer than <paramref name="atMost"/>.</summary>
    public bool Await(IReadOnlyCollection<FakeSwitch> switches, TimeSpan atMost)
    {
        AtGoal = switches.Count(s => s.IsAtGoal);
        long start = Stopwatch.GetTimestamp();
        Run(switches.Where(s => !s.IsAtGoal));
        while (AtGoal < switches.Count)
        {
            TimeSpan left = atMost - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                return false;
            Turn(left);
        }
        return true;
    }

    /// <summary>Runs for a time.</summary>
    public void RunFor(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        Run(_switches.Values);
        while (time - Stopwatch.GetElapsedTime(start) is { } left && left > TimeSpan.Zero)
            Turn(left);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FakeSwitch each in _switches.Values)
            each.Dispose();
        _switches.Clear();
        _poller.Dispose();
    }

    // What was told from outside the loop is to be acted on: another pace, something to send.
    private void Run(IEnumerable<FakeSwitch> switches)
    {
        foreach (FakeSwitch each in switches)
        {
            if (each.IsConnected)
                each.Write();
            UpdateInterest(each);
        }
    }

    private void Turn(TimeSpan atMost)
    {
        int ready = _poller.Wait((int)Math.Clamp(atMost.TotalMilliseconds + 1, 1, Glance));
        for (int i = 0; i < ready; i++)
        {
            (int number, bool readable, bool writable) = _poller.Ready(i);
            if (_switches.TryGetValue(number, out FakeSwitch? subject))
                Serve(subject, readable, writable);
        }
        if (Environment.TickCount64 >= _nextGlance)
            LosePatience();
    }

    private void Serve(FakeSwitch subject, bool readable, bool writable)
    {
        bool wasAtGoal = subject.IsAtGoal;
        if (!subject.IsConnected)
            subject.Write();
        else if (readable)
            subject.Read(_buffer, ReadSize);
        if (writable || subject.Pace != Pace.Flood)
            subject.Write();
        UpdateInterest(subject);
        if (!wasAtGoal && subject.IsAtGoal)
            AtGoal++;
    }

    private void UpdateInterest(FakeSwitch subject)
    {
        bool wanted = subject.WantsToWrite;
        if (wanted == subject.IsWatchedForWriting)
            return;
        subject.IsWatchedForWriting = wanted;
        _poller.Change(subject.Handle, subject.Index, wanted);
    }

    private void LosePatience()
    {
        _nextGlance = Environment.TickCount64 + Glance;
        foreach (FakeSwitch each in _switches.Values)
        {
            each.LosePatience(s_patience);
            if (each.IsConnected && each.Pace == Pace.OneByOne)
                each.Write();
            UpdateInterest(each);
        }
    }
}

using System.Collections.Immutable;
using NetServ.Node.DataPath.Classification;
using NetServ.Node.DataPath.Containers;

namespace NetServ.Node.DataPath.Pump;

/// <summary>
/// Hands filter changes to the pump, and tells when nothing of the time before a change is left. The pump counts the packets it has in containers by
/// generation; a generation is settled when it is in force and every older count is zero.
/// </summary>
internal sealed class GenerationGate
{
    // Counts are kept by generation modulo this: a change waits (in the pump's eyes) while the count it would reuse is not zero.
    private const int Kept = 64;
    private readonly int[] _inside = new int[Kept];
    private FilterPicture _next = new(0, Classifier.Empty, []);
    private FilterPicture _current = new(0, Classifier.Empty, []);
    private int _settled;
    private int _total;

    /// <summary>The generation in force.</summary>
    public int Current => _current.Generation;

    /// <summary>Whether packets are in containers.</summary>
    public bool IsBusy => _total > 0;

    public int Publish(Classifier classifier, ImmutableArray<IServiceContainer> containers)
    {
        int generation = _next.Generation + 1;
        Volatile.Write(ref _next, new FilterPicture(generation, classifier, containers));
        return generation;
    }

    // Filters change a few times a second at the most, so that looking again beats an event that the pump would have to set.
    public bool WaitFor(int generation, TimeSpan timeout) => SpinWait.SpinUntil(() => Volatile.Read(ref _settled) >= generation, timeout);

    public FilterPicture Enter()
    {
        FilterPicture next = Volatile.Read(ref _next);
        if (next != _current && _inside[next.Generation % Kept] == 0)
            _current = next;
        return _current;
    }

    public void Leave()
    {
        int settled = _current.Generation;
        if (_settled == settled)
            return;
        if (_total > _inside[settled % Kept])
            return;
        Volatile.Write(ref _settled, settled);
    }

    public void Add(int generation)
    {
        _inside[generation % Kept]++;
        _total++;
    }

    public void Remove(int generation)
    {
        _inside[generation % Kept]--;
        _total--;
    }
}

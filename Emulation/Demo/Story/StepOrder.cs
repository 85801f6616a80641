namespace NetServ.Demo.Story;

/// <summary>
/// Tells the steps in their order, each once. They are seen by different eyes (wires, the controller's events, the command line's answer), of which
/// some are quicker than others: a step seen before its predecessor waits for it.
/// </summary>
/// <param name="tell">Number, text, and whether it happened.</param>
internal sealed class StepOrder(Action<int, string, bool> tell)
{
    private readonly Dictionary<int, (string Text, bool Happened)> _seen = [];
    private readonly Lock _gate = new();
    private int _next = 1;

    /// <summary>A step has happened; the first to say so gives the words.</summary>
    public void Saw(int step, string text) => Add(step, text, true);

    /// <summary>Every step up to this one that nobody saw did not happen.</summary>
    public void GiveUpTo(int step)
    {
        for (int missing = 1; missing <= step; missing++)
            Add(missing, $"not seen: {Script.Steps[missing - 1].Text}", false);
    }

    private void Add(int step, string text, bool happened)
    {
        lock (_gate)
        {
            if (step < _next || !_seen.TryAdd(step, (text, happened)))
                return;
            while (_seen.TryGetValue(_next, out (string Text, bool Happened) told))
            {
                tell(_next, told.Text, told.Happened);
                _next++;
            }
        }
    }
}

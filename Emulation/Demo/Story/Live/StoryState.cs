namespace NetServ.Demo.Story.Live;

/// <summary>What has been told, kept for whoever draws it. Calls come from any thread and only note something down.</summary>
/// <param name="clock">For the times of lines.</param>
internal sealed class StoryState(TimeProvider clock)
{
    private const int MostLines = 100;

    private readonly long _start = clock.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly (string Text, bool Happened)?[] _steps = new (string, bool)?[Script.Steps.Count];
    private readonly Queue<ToldLine> _lines = [];
    private StoryPart _part;
    private string _title = "";

    /// <summary>Since the beginning.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    /// <summary>A part begins.</summary>
    public void Begin(StoryPart part, string title)
    {
        lock (_gate)
            (_part, _title) = (part, title);
    }

    /// <summary>A step happened, or did not.</summary>
    public void Step(int number, string text, bool happened)
    {
        lock (_gate)
            _steps[number - 1] = (text, happened);
    }

    /// <summary>A line of the controller's, or of the demo's own.</summary>
    public void Add(string text, bool ofController)
    {
        lock (_gate)
        {
            _lines.Enqueue(new ToldLine(Elapsed, text, ofController));
            if (_lines.Count > MostLines)
                _lines.Dequeue();
        }
    }

    /// <summary>All of it, as it is now.</summary>
    public Telling Read()
    {
        lock (_gate)
        {
            int next = _steps.TakeWhile(s => s is not null).Count();
            return new Telling(_part, _title, [.. Script.Steps.Select(s => View(s, _steps[s.Number - 1], next + 1))], [.. _lines]);
        }
    }

    private StepView View(ScriptStep step, (string Text, bool Happened)? told, int next)
    {
        StepState state = told switch
        {
            { Happened: true } => StepState.Done,
            { Happened: false } => StepState.Missed,
            null when step.Number == next && step.Part <= _part => StepState.UnderWay,
            null => StepState.ToCome,
        };
        return new StepView(step.Number, step.Label, told?.Text ?? step.Text, state);
    }
}

namespace NetServ.Controller.Core.Nodes;

/// <summary>When a node was probed and when it was last seen to move packets; milliseconds.</summary>
internal sealed class ProbeLog
{
    /// <summary>Probes whose replies still count.</summary>
    public const int Remembered = 16;

    private const int MostGrace = 5000;

    private readonly long[] _sentAt = new long[Remembered];
    private long _slowest;

    /// <summary>Probes so far, which is the number of the latest.</summary>
    public uint Count { get; private set; }

    /// <summary>When the latest went out.</summary>
    public long SentAt => _sentAt[Count % Remembered];

    /// <summary>When anything came out of its port last.</summary>
    public long SignAt { get; private set; }

    /// <summary>Probes since then: however long that is ago, who was not asked is not silent.</summary>
    public int Unanswered { get; private set; }

    /// <summary>What is added to the silence that ends a node: twice the longest that a reply took lately.</summary>
    public long Grace => Math.Min(2 * _slowest, MostGrace);

    /// <summary>Forgets how long replies took: the node is at another port, or another one.</summary>
    public void Begin(long now)
    {
        _slowest = 0;
        NoteSign(now);
    }

    /// <summary>One more goes out.</summary>
    public void NoteProbe(long now)
    {
        Count++;
        Unanswered++;
        _sentAt[Count % Remembered] = now;
    }

    /// <summary>A reply came, to one that is remembered.</summary>
    public void NoteReply(uint number, long now)
    {
        _slowest = Math.Max(now - _sentAt[number % Remembered], _slowest - _slowest / 8);
        NoteSign(now);
    }

    /// <summary>Anything came, or nobody could be asked.</summary>
    public void NoteSign(long now) => (SignAt, Unanswered) = (now, 0);
}

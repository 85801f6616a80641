namespace NetServ.Controller.Core.Forwarding;

/// <summary>
/// What the sessions of a loop have told Core of hosts and Core has not answered. While that is much, a session that hears of more is not read any further:
/// TCP holds its switch back, and what waits for Core stays bounded whoever makes addresses up.
/// </summary>
public sealed class HostNewsBudget
{
    /// <summary>News that may be on their way to Core; beyond it a session waits.</summary>
    public const int Most = 1 << 16;

    private int _onTheirWay;

    /// <summary>Whether no more are to be told now.</summary>
    public bool IsSpent => _onTheirWay >= Most;

    /// <summary>Whether those that wait may go on: not for each answer, so that there is work for a while.</summary>
    public bool HasRoom => _onTheirWay < Most / 2;

    /// <summary>Sessions that wait.</summary>
    public int Waiting { get; internal set; }

    /// <summary>Core has answered so many.</summary>
    public void Answer(int news) => _onTheirWay -= news;

    internal void Tell(int news) => _onTheirWay += news;
}

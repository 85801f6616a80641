using NetServ.Controller.Core.Steering;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// Rules that were turned, deleted or put back soon after they were sent. Some switches have messages about one rule overtake each other, barriers or not, and the
/// older one would be the one that stays: so the last word is said once more, a second later.
/// </summary>
internal sealed class SoonChanged
{
    private const int Most = 1 << 16;
    private const int Within = 1000;

    private readonly Queue<Change> _changes = new();

    /// <summary>Whether messages may overtake each other, milliseconds apart.</summary>
    public static bool IsSoon(long earlier, long later) => later - earlier < Within;

    /// <summary>A rule does something else than a moment ago, or is there again.</summary>
    public void NoteSent(in RuleKey key, long now) => Note(new Change(key, now, null));

    /// <summary>A rule that was sent a moment ago is deleted.</summary>
    public void NoteDeleted(in RuleKey key, RuleCookie cookie, long now) => Note(new Change(key, now, cookie));

    /// <summary>Takes the next one whose time has come; false if there is none.</summary>
    public bool TryTake(long now, out Change change) => _changes.TryPeek(out change) && !IsSoon(change.At, now) && _changes.TryDequeue(out change);

    // Beyond that the audit has to do.
    private void Note(in Change change)
    {
        if (_changes.Count < Most)
            _changes.Enqueue(change);
    }

    /// <summary>What was said last of a rule.</summary>
    /// <param name="Key">The rule.</param>
    /// <param name="At">When, milliseconds.</param>
    /// <param name="Deleted">The cookie of one that was deleted; null for one that is there.</param>
    public readonly record struct Change(RuleKey Key, long At, RuleCookie? Deleted);
}

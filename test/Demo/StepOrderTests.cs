using NetServ.Demo.Story;

namespace NetServ.Demo.Tests;

public class StepOrderTests
{
    private readonly List<string> _told = [];
    private StepOrder _order = null!;

    [SetUp]
    public void NothingSeenYet()
    {
        _told.Clear();
        _order = new StepOrder((number, text, happened) => _told.Add($"{number} {(happened ? text : "missed")}"));
    }

    [Test]
    public void A_step_seen_before_its_predecessor_waits_for_it()
    {
        foreach (int step in new[] { 1, 3, 5, 4 })
            _order.Saw(step, "seen");
        Assert.That(_told, Is.EqualTo(new[] { "1 seen" }));
        _order.Saw(2, "seen");
        Assert.That(_told, Is.EqualTo(new[] { "1 seen", "2 seen", "3 seen", "4 seen", "5 seen" }));
    }

    [Test]
    public void A_step_is_told_once_in_the_words_of_whoever_saw_it_first()
    {
        _order.Saw(2, "by the event");
        _order.Saw(2, "by the command line");
        _order.Saw(1, "seen");
        _order.Saw(1, "again");
        _order.Saw(2, "and again");
        Assert.That(_told, Is.EqualTo(new[] { "1 seen", "2 by the event" }));
    }

    [Test]
    public void Steps_that_nobody_saw_do_not_hold_back_the_later_ones()
    {
        _order.Saw(1, "seen");
        _order.Saw(3, "seen");
        _order.GiveUpTo(4);
        _order.Saw(5, "seen");
        Assert.That(_told, Is.EqualTo(new[] { "1 seen", "2 missed", "3 seen", "4 missed", "5 seen" }));
    }

    [Test]
    public void Many_eyes_at_once_tell_every_step_once_and_in_order()
    {
        Parallel.For(0, 700, i => _order.Saw(1 + (i % 7), "seen"));
        Assert.That(_told, Is.EqualTo(Enumerable.Range(1, 7).Select(n => $"{n} seen")));
    }
}

using System.Collections.Frozen;
using NetServ.Controller.Core.Switches;

namespace NetServ.Controller.Core.Tests.Channel;

/// <summary>Who speaks for a datapath id, on a clock turned by hand.</summary>
public class DatapathClaimsTests
{
    private const int Patience = 1000;
    private static readonly PeerIdentity s_here = new("10.0.0.1");
    private static readonly PeerIdentity s_there = new("10.0.0.2");
    private static readonly PeerIdentity s_certified = new("10.0.0.1", new string('c', 64));

    private DatapathClaims _claims = null!;
    private HashSet<long> _silent = null!;

    [SetUp]
    public void Begin() => (_claims, _silent) = (New(), []);

    [Test]
    public void The_first_connection_is_active() => Assert.That(Claim(1, s_here), Is.EqualTo(ClaimOutcome.Active));

    [Test]
    public void Switches_do_not_mind_each_other()
    {
        Claim(1, s_here, dpid: 1);
        Assert.That(Claim(2, s_here, dpid: 2), Is.EqualTo(ClaimOutcome.Active));
        Assert.That(_claims.Changes, Is.Empty);
    }

    [Test]
    public void A_second_connection_of_the_same_peer_waits_while_the_first_is_asked()
    {
        Claim(1, s_here);
        Assert.That(Claim(2, s_here), Is.EqualTo(ClaimOutcome.Standby));
        Assert.That(Take(), Is.EqualTo(new ClaimChange[] { new ClaimChange.Ask(1) }));
    }

    [Test]
    public void A_first_connection_that_stays_silent_is_replaced_when_its_time_is_over()
    {
        Claim(1, s_here);
        Claim(2, s_here);
        Take();
        _silent.Add(1);
        Tick(Patience - 1);
        Assert.That(Take(), Is.Empty);
        Tick(Patience);
        List<ClaimChange> changes = Take();
        Assert.That(changes[0], Is.InstanceOf<ClaimChange.End>().With.Property("Session").EqualTo(1));
        Assert.That(changes[1], Is.EqualTo(new ClaimChange.TakeOver(2)));
        _claims.Ended(1);
        Assert.That(Take(), Is.Empty, "its end was decided already");
        Assert.That(Claim(3, s_here), Is.EqualTo(ClaimOutcome.Standby));
        Assert.That(Take(), Is.EqualTo(new ClaimChange[] { new ClaimChange.Ask(2) }));
    }

    [Test]
    public void A_first_connection_that_answers_stays_for_good()
    {
        Claim(1, s_here);
        Claim(2, s_here);
        Take();
        Tick(10);
        _silent.Add(1);
        Tick(10 * Patience);
        Assert.That(Take(), Is.Empty);
        Assert.That(_claims.IsWaiting, Is.False);
    }

    [Test]
    public void When_the_active_one_ends_the_newest_standby_takes_over()
    {
        Claim(1, s_here);
        Claim(2, s_here);
        Claim(3, s_here);
        Take();
        _claims.Ended(1);
        Assert.That(Take(), Is.EqualTo(new ClaimChange[] { new ClaimChange.TakeOver(3) }));
        _claims.Ended(3);
        Assert.That(Take(), Is.EqualTo(new ClaimChange[] { new ClaimChange.TakeOver(2) }));
        _claims.Ended(2);
        Assert.That(Claim(4, s_there), Is.EqualTo(ClaimOutcome.Active), "the id is free");
    }

    [Test]
    public void A_standby_that_ends_changes_nothing()
    {
        Claim(1, s_here);
        Claim(2, s_here);
        Take();
        _claims.Ended(2);
        Assert.That(Take(), Is.Empty);
        _claims.Ended(1);
        Assert.That(Take(), Is.Empty);
    }

    [Test]
    public void Of_too_many_standbys_the_oldest_is_ended()
    {
        for (int i = 1; i <= 4; i++)
            Claim(i, s_here);
        Assert.That(Take(), Has.One.InstanceOf<ClaimChange.End>().With.Property("Session").EqualTo(2));
    }

    [TestCaseSource(nameof(Strangers))]
    public void Another_peer_is_refused_whether_the_first_answers_or_not(PeerIdentity first, PeerIdentity second)
    {
        Claim(1, first);
        _silent.Add(1);
        Assert.That(Claim(2, second), Is.EqualTo(ClaimOutcome.Refused));
        Tick(10 * Patience);
        Assert.That(Take(), Is.Empty, "nobody else can shorten the life of the connection that is there");
    }

    [Test]
    public void One_certificate_is_one_peer_wherever_it_connects_from()
    {
        Claim(1, s_certified);
        Assert.That(Claim(2, s_certified with { Address = "10.9.9.9" }), Is.EqualTo(ClaimOutcome.Standby));
    }

    [Test]
    public void An_operator_hears_of_the_same_theft_once_a_minute()
    {
        Claim(1, s_here);
        Assert.That(Claim(2, s_there, now: 0), Is.EqualTo(ClaimOutcome.Refused));
        Assert.That(Claim(3, s_there, now: 59_999), Is.EqualTo(ClaimOutcome.RefusedAgain));
        Assert.That(Claim(4, s_there, now: 60_000), Is.EqualTo(ClaimOutcome.Refused));
    }

    [Test]
    public void A_pinned_id_is_for_the_holder_of_its_certificate()
    {
        _claims = New((1, s_certified.CertificateSha256!));
        Assert.That(Claim(1, s_here), Is.EqualTo(ClaimOutcome.Refused));
        Assert.That(Claim(2, new PeerIdentity("10.0.0.1", new string('d', 64)), now: 99_999), Is.EqualTo(ClaimOutcome.Refused));
        Assert.That(Claim(3, s_certified), Is.EqualTo(ClaimOutcome.Active));
    }

    private static IEnumerable<TestCaseData> Strangers()
    {
        yield return new TestCaseData(s_here, s_there) { TestName = "another address" };
        yield return new TestCaseData(s_certified, s_here) { TestName = "no certificate at the same address" };
        yield return new TestCaseData(s_here, s_certified) { TestName = "a certificate where there was none" };
        yield return new TestCaseData(s_certified, new PeerIdentity("10.0.0.1", new string('d', 64))) { TestName = "another certificate" };
    }

    private static DatapathClaims New(params (ulong Dpid, string Hash)[] pins) => new(pins.ToFrozenDictionary(p => p.Dpid, p => p.Hash), Patience);

    private ClaimOutcome Claim(long session, PeerIdentity peer, ulong dpid = 1, long now = 0) => _claims.Claim(dpid, session, peer, now, out _);

    private void Tick(long now) => _claims.Tick(now, _silent.Contains);

    private List<ClaimChange> Take()
    {
        List<ClaimChange> changes = [.. _claims.Changes];
        _claims.Changes.Clear();
        return changes;
    }
}

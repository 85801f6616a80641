using System.Security.Cryptography;
using NetServ.Controller.Core.Admission;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Tests.Admission;

public class AdmissionTests
{
    private static readonly DateTimeOffset s_noon = new(2025, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly (string PrivatePem, string PublicPem) s_jane = SigningKeys.Create();
    private static readonly (string PrivatePem, string PublicPem) s_john = SigningKeys.Create();

    private static UserDirectory Users => Directory(
        new UserAccount("jane", s_jane.PublicPem, [Ipv4Prefix.Parse("10.0.0.0/24"), Ipv4Prefix.Parse("192.0.2.1/32")]),
        new UserAccount("john", s_john.PublicPem, []));

    private AdmissionControl _admission = null!;

    [SetUp]
    public void StartAfresh() => _admission = new AdmissionControl(Users, new AdmissionLimits());

    [Test]
    public void A_fresh_signed_request_within_the_prefix_is_admitted_once()
    {
        NetServRequest request = Setup();
        Assert.That(Check(request, s_noon), Is.Null);
        Assert.That(Check(request, s_noon.AddSeconds(1)), Is.EqualTo(RequestError.Replayed));
    }

    [TestCase("10.0.0.0/24", null)]
    [TestCase("10.0.0.255", null)]
    [TestCase("192.0.2.1", null)]
    [TestCase("10.0.0.0/23", RequestError.PrefixNotAllowed)]
    [TestCase("10.0.1.0", RequestError.PrefixNotAllowed)]
    [TestCase("0.0.0.0/0", RequestError.PrefixNotAllowed)]
    [TestCase("192.0.2.0/31", RequestError.PrefixNotAllowed)]
    public void The_filter_has_to_lie_within_one_of_the_users_prefixes(string destination, RequestError? expected) =>
        Assert.That(Check(Setup(destination: destination), s_noon), Is.EqualTo(expected));

    [Test]
    public void A_module_without_packets_needs_no_prefix()
    {
        Assert.That(Check(Setup("john", s_john.PrivatePem, destination: null), s_noon), Is.Null);
        Assert.That(Check(Setup("john", s_john.PrivatePem, destination: "10.0.0.1"), s_noon), Is.EqualTo(RequestError.PrefixNotAllowed));
    }

    [TestCase(300, null)]
    [TestCase(301, RequestError.Stale)]
    [TestCase(-60, null)]
    [TestCase(-61, RequestError.Stale)]
    public void Requests_from_300_s_ago_to_60_s_ahead_are_admitted(int age, RequestError? expected) =>
        Assert.That(Check(Setup(issued: s_noon), s_noon.AddSeconds(age)), Is.EqualTo(expected));

    [Test]
    public void Unknown_users_unsigned_requests_and_foreign_signatures_are_told_apart()
    {
        NetServRequest unsigned = Parse(Setup().ToText().Split('\n').Where(line => !line.StartsWith("signature")));
        Assert.That(Check(Setup("eve", s_jane.PrivatePem), s_noon), Is.EqualTo(RequestError.UnknownUser));
        Assert.That(Check(unsigned, s_noon), Is.EqualTo(RequestError.Unsigned));
        Assert.That(Check(Setup("jane", s_john.PrivatePem), s_noon), Is.EqualTo(RequestError.BadSignature));
    }

    [Test]
    public void Of_several_faults_the_first_in_the_order_is_told()
    {
        string everythingWrong = Setup("eve", s_john.PrivatePem, "172.16.0.1", s_noon.AddHours(-1)).ToText();
        Assert.That(Check(Parse(everythingWrong.Split('\n')), s_noon), Is.EqualTo(RequestError.UnknownUser));
        Assert.That(Check(Setup("jane", s_john.PrivatePem, "172.16.0.1", s_noon.AddHours(-1)), s_noon), Is.EqualTo(RequestError.BadSignature));
        Assert.That(Check(Setup("jane", s_jane.PrivatePem, "172.16.0.1", s_noon.AddHours(-1)), s_noon), Is.EqualTo(RequestError.Stale));
        Assert.That(Check(Setup("jane", s_jane.PrivatePem, "172.16.0.1"), s_noon), Is.EqualTo(RequestError.PrefixNotAllowed));
    }

    [Test]
    public void Every_refusal_names_the_field_and_ends_as_a_sentence()
    {
        RequestRefusal refusal = _admission.Check(Setup(destination: "10.0.0.0/8"), s_noon, remember: true)!;
        Assert.That(refusal.Field, Is.EqualTo("filter-ipv4"));
        Assert.That(refusal.Text, Is.EqualTo("'10.0.0.0/8' does not lie within the prefixes of 'jane' (10.0.0.0/24, 192.0.2.1/32); ask for less or have the operator allow it."));
    }

    [Test]
    public void A_dry_run_does_not_use_the_nonce_up_but_sees_a_used_one()
    {
        NetServRequest request = Setup();
        Assert.That(_admission.Check(request, s_noon, remember: false), Is.Null);
        Assert.That(_admission.Check(request, s_noon, remember: true), Is.Null);
        Assert.That(_admission.Check(request, s_noon, remember: false)!.Code, Is.EqualTo(RequestError.Replayed));
    }

    [Test]
    public void Refused_requests_do_not_use_the_nonce_up()
    {
        NetServRequest real = Setup();
        NetServRequest forged = Parse(real.ToText().Replace("ttl: 60", "ttl: 61").Split('\n'));
        Assert.That(Check(forged, s_noon), Is.EqualTo(RequestError.BadSignature));
        Assert.That(Check(real, s_noon.AddSeconds(-61)), Is.EqualTo(RequestError.Stale));
        Assert.That(Check(real, s_noon), Is.Null);
    }

    [Test]
    public void The_same_nonce_of_two_users_does_not_collide()
    {
        Assert.That(Check(Setup(nonce: 7), s_noon), Is.Null);
        Assert.That(Check(Setup("john", s_john.PrivatePem, null, nonce: 7), s_noon), Is.Null);
        Assert.That(Check(Setup(nonce: 7), s_noon), Is.EqualTo(RequestError.Replayed));
    }

    [Test]
    public void A_nonce_is_remembered_as_long_as_its_request_is_not_stale()
    {
        NetServRequest ahead = Setup(issued: s_noon.AddSeconds(60));
        Assert.That(Check(ahead, s_noon), Is.Null);
        for (int second = 0; second <= 360; second += 10)
            Assert.That(Check(ahead, s_noon.AddSeconds(second)), Is.EqualTo(RequestError.Replayed), $"after {second} s");
        Assert.That(Check(ahead, s_noon.AddSeconds(361)), Is.EqualTo(RequestError.Stale));
    }

    [Test]
    public void Setting_the_clock_back_does_not_revive_a_forgotten_request()
    {
        NetServRequest first = Setup();
        Assert.That(Check(first, s_noon), Is.Null);
        Assert.That(Check(Setup(issued: s_noon.AddSeconds(400)), s_noon.AddSeconds(400)), Is.Null);
        Assert.That(Check(first, s_noon.AddSeconds(10)), Is.EqualTo(RequestError.Stale));
    }

    [Test]
    public void What_was_issued_before_the_start_is_refused()
    {
        _admission = new AdmissionControl(Users, new AdmissionLimits(), s_noon.AddMilliseconds(700));
        Assert.That(Check(Setup(issued: s_noon.AddSeconds(-1)), s_noon.AddSeconds(2)), Is.EqualTo(RequestError.Stale));
        Assert.That(Check(Setup(issued: s_noon), s_noon.AddSeconds(2)), Is.Null);
    }

    [Test]
    public void A_full_window_refuses_its_user_only_until_the_oldest_is_stale()
    {
        _admission = new AdmissionControl(Users, new AdmissionLimits { RememberedPerUser = 3 });
        NetServRequest[] requests = [.. Enumerable.Range(0, 5).Select(i => Setup(issued: s_noon.AddSeconds(i)))];
        for (int i = 0; i < 3; i++)
            Assert.That(Check(requests[i], s_noon.AddSeconds(4)), Is.Null);
        Assert.That(Check(requests[3], s_noon.AddSeconds(4)), Is.EqualTo(RequestError.QuotaExceeded));
        Assert.That(Check(requests[0], s_noon.AddSeconds(4)), Is.EqualTo(RequestError.Replayed));
        Assert.That(Check(Setup("john", s_john.PrivatePem, null), s_noon.AddSeconds(4)), Is.Null);
        Assert.That(Check(requests[3], s_noon.AddSeconds(301)), Is.Null);
        Assert.That(Check(requests[4], s_noon.AddSeconds(301)), Is.EqualTo(RequestError.QuotaExceeded));
    }

    [Test]
    public void Users_are_replaced_whole_and_their_nonces_stay_remembered()
    {
        NetServRequest request = Setup();
        Assert.That(Check(request, s_noon), Is.Null);
        _admission.Users = Directory(new UserAccount("john", s_john.PublicPem, []));
        Assert.That(Check(Setup(), s_noon), Is.EqualTo(RequestError.UnknownUser));
        _admission.Users = Users;
        Assert.That(Check(request, s_noon), Is.EqualTo(RequestError.Replayed));
    }

    [Test]
    public void One_of_many_copies_is_admitted()
    {
        NetServRequest request = Setup();
        IEnumerable<NetServRequest> copies = Enumerable.Range(0, 64).Select(_ => Parse(request.ToText().Split('\n')));
        Assert.That(copies.Count(copy => Check(copy, s_noon) is null), Is.EqualTo(1));
    }

    [Test]
    public void All_faults_of_all_accounts_are_told_at_once()
    {
        bool made = UserDirectory.TryCreate(
            [new UserAccount("jane", "no key", []), new UserAccount("jane", s_jane.PublicPem, []), new UserAccount("", s_jane.PublicPem, [])], out _, out IReadOnlyList<string> faults);
        Assert.That(made, Is.False);
        Assert.That(faults, Has.Count.EqualTo(3));
        Assert.That(faults[0], Does.Contain("'jane'").And.Contain("netserv keygen"));
    }

    private RequestError? Check(NetServRequest request, DateTimeOffset now) => _admission.Check(request, now, remember: true)?.Code;

    private static UserDirectory Directory(params UserAccount[] accounts)
    {
        Assert.That(UserDirectory.TryCreate(accounts, out UserDirectory? directory, out _), Is.True);
        return directory!;
    }

    private static NetServRequest Setup(string user = "jane", string? keyPem = null, string? destination = "10.0.0.1", DateTimeOffset? issued = null, byte? nonce = null)
    {
        using RandomNumberGenerator random = nonce is { } fixedByte ? new OneByte(fixedByte) : RandomNumberGenerator.Create();
        using RequestSigner signer = new(keyPem ?? s_jane.PrivatePem, new StoppedClock(issued ?? s_noon), random);
        List<RequestHeader> headers =
        [
            new("user", user),
            new("url", "http://127.0.0.1/mark.nupkg"),
            new("checksum", "sha256:" + new string('0', 64)),
            new("ttl", "60"),
        ];
        if (destination is not null)
            headers.Add(new("filter-ipv4", destination));
        return signer.Sign(RequestCommand.Setup, "Mark_1.0.0", headers);
    }

    private static NetServRequest Parse(IEnumerable<string> lines)
    {
        Assert.That(NetServRequest.TryParse(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines)), out NetServRequest? request, out RequestRefusal? refusal), Is.True, refusal?.Text);
        return request!;
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private sealed class OneByte(byte value) : RandomNumberGenerator
    {
        public override void GetBytes(byte[] data) => Array.Fill(data, value);
    }
}

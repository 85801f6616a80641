using System.Collections.Frozen;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using NetServ.Controller.Configuration;
using NetServ.TestSupport;

namespace NetServ.Controller.Tests.Channel;

/// <summary>TLS in front of the loop: who gets in, who does not, and that all bytes come through.</summary>
public class TlsTests
{
    private static readonly OpenFlowEndpoint s_anywhere = new(IPAddress.Loopback, 0, IsTls: true);

    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    public async Task A_switch_with_a_certificate_of_ours_is_at_work(SslProtocols version)
    {
        using TestAuthority authority = new();
        using RunningLoop loop = NewLoop(authority);
        await using RawSwitch peer = await ConnectAsync(loop, authority.Issue("switch"), 0x71, version);
        await peer.HandshakeAsync();
        Assert.That(loop.Ready, Is.EqualTo(new[] { 0x71ul }));
        // Many bytes both ways: more than the pump's buffer.
        for (uint i = 1; i <= 2000; i++)
            await peer.SendAsync(RawSwitch.PacketIn(1, i, i));
        await peer.PingAsync();
        Assert.That(peer.HasAnswerFor(2000), Is.True);
    }

    [Test]
    public async Task The_end_of_the_switch_is_the_end_of_its_session()
    {
        using TestAuthority authority = new();
        using RunningLoop loop = NewLoop(authority);
        await using (RawSwitch peer = await ConnectAsync(loop, authority.Issue("switch"), 0x72))
            await peer.HandshakeAsync();
        await loop.UntilAsync(() => loop.Endings.Any(e => e.Contains("closed the connection")), "the end of the session");
    }

    [Test]
    public async Task A_peer_whose_certificate_is_foreign_is_refused()
    {
        using TestAuthority authority = new();
        using TestAuthority foreign = new("somebody else");
        using RunningLoop loop = NewLoop(authority);
        await AssertRefusedAsync(loop, foreign.Issue("switch"));
    }

    [Test]
    public async Task A_peer_without_a_certificate_is_refused()
    {
        using TestAuthority authority = new();
        using RunningLoop loop = NewLoop(authority);
        await AssertRefusedAsync(loop, certificate: null);
    }

    [Test]
    public async Task A_peer_that_does_not_speak_tls_is_refused()
    {
        using TestAuthority authority = new();
        using RunningLoop loop = NewLoop(authority);
        await using RawSwitch peer = await RawSwitch.ConnectAsync(loop.EndPoint, 1);
        await peer.HelloAsync();
        await loop.UntilAsync(() => loop.Endings.Any(e => e.Contains("no TLS")), "the refusal");
        Assert.That(loop.Ready, Is.Empty);
    }

    [Test]
    public async Task A_handshake_that_takes_long_is_ended_and_so_is_the_oldest_of_too_many()
    {
        using TestAuthority authority = new();
        using RunningLoop loop = NewLoop(authority, o => o with { TlsWithin = 60_000, MaxTlsHandshakes = 4 });
        List<Socket> silent = [];
        for (int i = 0; i < 6; i++)
            silent.Add(await RawSwitch.OpenAsync(loop.EndPoint));
        await loop.UntilAsync(() => loop.Endings.Count >= 2, "the ends of two");
        await using RawSwitch peer = await ConnectAsync(loop, authority.Issue("switch"), 0x73);
        await peer.HandshakeAsync();
        silent.ForEach(s => s.Dispose());

        using RunningLoop hasty = NewLoop(authority, o => o with { TlsWithin = 200 });
        using Socket slow = await RawSwitch.OpenAsync(hasty.EndPoint);
        await hasty.UntilAsync(() => hasty.Endings.Any(e => e.Contains("took too long")), "the end of the slow one");
    }

    [Test]
    public async Task A_pinned_switch_needs_its_own_certificate()
    {
        using TestAuthority authority = new();
        X509Certificate2 real = authority.Issue("s1");
        using RunningLoop loop = NewLoop(authority, o => o with { Pins = new Dictionary<ulong, string> { [0x74] = TestAuthority.HashOf(real) }.ToFrozenDictionary() });
        await using RawSwitch thief = await ConnectAsync(loop, authority.Issue("s2"), 0x74);
        await thief.HelloAsync();
        await thief.UntilEndAsync();
        Assert.That(loop.Alarms.Single(), Does.Contain("is pinned"));
        await using RawSwitch peer = await ConnectAsync(loop, real, 0x74);
        await peer.HandshakeAsync();
    }

    [Test]
    public async Task A_switch_is_known_by_its_certificate_wherever_it_connects_from()
    {
        using TestAuthority authority = new();
        using RunningLoop loop = NewLoop(authority);
        X509Certificate2 certificate = authority.Issue("s1");
        await using RawSwitch before = await ConnectAsync(loop, certificate, 0x75);
        await before.HandshakeAsync();
        await using RawSwitch after = await ConnectAsync(loop, certificate, 0x75, from: "127.0.0.9");
        await after.HandshakeAsync();
        await using RawSwitch other = await ConnectAsync(loop, authority.Issue("s2"), 0x75);
        await other.HelloAsync();
        await other.UntilEndAsync();
        Assert.That(loop.Alarms.Single(), Does.Contain("is claimed by certificate"));
    }

    [Test]
    public async Task Open_vSwitch_connects_with_its_certificate_and_not_with_a_foreign_one()
    {
        using OpenVSwitch? ovs = OpenVSwitch.TryStart(out string reason);
        if (ovs is null)
            Assert.Ignore(reason);
        using TestAuthority authority = new();
        using TestAuthority foreign = new("somebody else");
        using RunningLoop loop = NewLoop(authority);
        authority.Issue("ovs");
        foreign.Issue("ovs");
        ovs!.AddBridge("br0", "00000000000000aa");
        ovs.Vsctl("set-ssl", Path.Combine(foreign.Folder, "ovs.key"), Path.Combine(foreign.Folder, "ovs.pem"), authority.CaFile);
        ovs.SetController("br0", $"ssl:{loop.EndPoint}");
        await loop.UntilAsync(() => loop.Endings.Any(e => e.Contains("no TLS")), "the refusal of the foreign certificate");
        Assert.That(loop.Ready, Is.Empty);
        ovs.Vsctl("set-ssl", Path.Combine(authority.Folder, "ovs.key"), Path.Combine(authority.Folder, "ovs.pem"), authority.CaFile);
        await loop.UntilAsync(() => loop.Ready.Contains(0xaaul), "Open vSwitch at work");
        ovs.Vsctl("wait-until", "controller", "br0", "is_connected=true");
    }

    private static RunningLoop NewLoop(TestAuthority authority, Func<ChannelOptions, ChannelOptions>? change = null)
    {
        ChannelOptions options = new() { Tls = authority.Options() };
        return new RunningLoop(change is null ? options : change(options), endpoints: s_anywhere);
    }

    private static async Task<RawSwitch> ConnectAsync(RunningLoop loop, X509Certificate2? certificate, ulong dpid, SslProtocols version = SslProtocols.None, string from = "127.0.0.1")
    {
        SslStream secure = new(new NetworkStream(await RawSwitch.OpenAsync(loop.EndPoint, from), ownsSocket: true), leaveInnerStreamOpen: false);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "127.0.0.1",
            EnabledSslProtocols = version,
            ClientCertificates = certificate is null ? [] : [certificate],
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=controller",
        });
        return new RawSwitch(secure, dpid);
    }

    // In TLS 1.3 the client's handshake is over before the server has looked at its certificate.
    private static async Task AssertRefusedAsync(RunningLoop loop, X509Certificate2? certificate)
    {
        try
        {
            await using RawSwitch peer = await ConnectAsync(loop, certificate, 1);
            await peer.HelloAsync();
            await peer.UntilEndAsync();
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            // As it should be.
        }
        await loop.UntilAsync(() => loop.Endings.Any(e => e.Contains("no TLS")), "the refusal");
        Assert.That(loop.Ready, Is.Empty);
    }
}

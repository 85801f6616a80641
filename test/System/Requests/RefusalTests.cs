using System.Security.Cryptography;
using System.Text.Json;
using NetServ.Signaling;
using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Requests;

/// <summary>Bad requests: each is told what is wrong with it, none changes anything, and the module of another user goes on.</summary>
[Parallelizable]
public class RefusalTests
{
    private const ushort AlicesPort = 5060;
    private const ushort BobsPort = 7000;
    private const int BundleLimit = 1_000_000;
    private const string NoSuchHash = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    private Deployment _deployment = null!;
    private string _bobsRequest = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        _deployment = await Deployment.StartAsync(nodeOptions: ["--bundle-limit", $"{BundleLimit}"]);
        _bobsRequest = await PrintAsync(_deployment.Mark("bob", BobsPort));
        NetServRun setup = await SendAsync(_bobsRequest);
        Assert.That(setup.Exit, Is.Zero, setup.Error);
        Assert.That(_deployment.PassUntil(BobsPort, "stamp=01"), Is.EqualTo("stamp=01"));
    }

    [OneTimeTearDown]
    public async Task Stop() => await _deployment.DisposeAsync();

    [Test]
    public async Task An_unsigned_request() => await HoldRefusedAsync("unsigned", "signature", await SendChangedAsync(text => WithoutLine(text, "signature")));

    [Test]
    public async Task A_request_changed_after_signing() => await HoldRefusedAsync("bad-signature", "signature", await SendChangedAsync(text => text.Replace("filter-port: 5060", "filter-port: 5061")));

    [Test]
    public async Task A_request_signed_with_another_users_key() =>
        await HoldRefusedAsync("bad-signature", "signature", await SetupAsync([.. _deployment.Mark("alice", AlicesPort).Select(w => w.Replace("alice.key", "bob.key"))]));

    [Test]
    public async Task A_request_that_was_sent_before() => await HoldRefusedAsync("replayed", "nonce", await SendAsync(_bobsRequest));

    [Test]
    public async Task A_request_that_is_too_old()
    {
        using RequestSigner signer = new(await File.ReadAllTextAsync(_deployment.At("alice.key")), new LateClock(TimeSpan.FromMinutes(-6)), RandomNumberGenerator.Create());
        NetServRequest request = signer.Sign(
            RequestCommand.Setup, Bundles.MarkId, new RequestHeader("user", "alice"), new RequestHeader("url", _deployment.MarkUrl), new RequestHeader("checksum", NoSuchHash));
        await HoldRefusedAsync("stale", "issued", await SendAsync(request.ToText()));
    }

    [Test]
    public async Task An_unknown_user()
    {
        string[] words = [.. _deployment.Mark("alice", AlicesPort).Select(w => w == "alice" ? "mallory" : w)];
        await HoldRefusedAsync("unknown-user", "user", await SetupAsync(words));
    }

    [Test]
    public async Task A_destination_that_is_not_his() =>
        await HoldRefusedAsync("prefix-not-allowed", "filter-ipv4", await SetupAsync([.. _deployment.Mark("alice", AlicesPort).Select(w => w == "10.0.0.1" ? "192.0.2.1" : w)]));

    [Test]
    public async Task A_missing_header() => await HoldRefusedAsync("missing-header", "url", await SendChangedAsync(text => WithoutLine(text, "url")));

    [Test]
    public async Task A_malformed_header() => await HoldRefusedAsync("malformed-header", "ttl", await SendChangedAsync(text => text.Replace("ttl: 60", "ttl: soon")));

    [Test]
    public async Task A_text_that_is_no_request() => await HoldRefusedAsync("malformed-request", "", await SendAsync("GET / HTTP/1.1\r\n\r\n"));

    [Test]
    public async Task A_url_where_nobody_answers() =>
        await HoldRefusedAsync("unreachable-url", "url", await SetupAsync(With("http://127.0.0.1:1/mark.nupkg", "--checksum", NoSuchHash)));

    [Test]
    public async Task A_url_where_nothing_is() =>
        await HoldRefusedAsync("unreachable-url", "url", await SetupAsync(With(_deployment.MarkUrl + ".not", "--checksum", NoSuchHash)));

    [Test]
    public async Task A_file_that_is_no_bundle() => await HoldRefusedAsync("not-a-bundle", "url", await SetupAsync(With(_deployment.Files.Serve("text", "hello"u8.ToArray()))));

    [Test]
    public async Task A_bundle_of_another_module() =>
        await HoldRefusedAsync("not-a-bundle", "url", await SetupAsync(With(_deployment.Files.Serve("other", Bundles.Packed("NetServ.Modules.KeepAlive")))));

    [Test]
    public async Task A_bundle_that_is_too_large() =>
        await HoldRefusedAsync("bundle-too-large", "url", await SetupAsync(With(_deployment.Files.Serve("large", new byte[BundleLimit + 1]))));

    [Test]
    public async Task A_wrong_checksum() => await HoldRefusedAsync("wrong-checksum", "checksum", await SetupAsync(_deployment.Mark("alice", AlicesPort, "--checksum", "sha256:" + new string('1', 64))));

    [Test]
    public async Task A_missing_dependency() =>
        await HoldRefusedAsync("missing-dependency", "dependencies", await SetupAsync(_deployment.Mark("alice", AlicesPort, "--dependencies", "Absent_1.0.0")));

    [Test]
    public async Task A_module_that_throws_while_starting()
    {
        string[] words = [.. With(_deployment.Files.Serve("awkward", Bundles.Awkward())).Select(w => w == Bundles.MarkId ? Bundles.AwkwardId : w)];
        await HoldRefusedAsync("module-start-failed", "url", await SetupAsync(words), "cannot start today");
    }

    [Test]
    public async Task A_REMOVE_of_what_is_not_there() =>
        await HoldRefusedAsync("module-not-installed", "", await _deployment.CliAsync("remove", "--user", "alice", "--key", _deployment.At("alice.key"), "--module", Bundles.MarkId));

    [Test]
    public async Task Another_users_module_cannot_be_removed()
    {
        NetServRun run = await _deployment.CliAsync("remove", "--user", "bob", "--key", _deployment.At("alice.key"), "--module", Bundles.MarkId);
        await HoldRefusedAsync("bad-signature", "signature", run);
    }

    private static string WithoutLine(string text, string header) => string.Join('\n', text.Split('\n').Where(line => !line.StartsWith(header + ":", StringComparison.Ordinal)));

    private string[] With(string url, params string[] more)
    {
        string[] words = _deployment.Mark("alice", AlicesPort, more);
        words[Array.IndexOf(words, "--url") + 1] = url;
        return words;
    }

    private Task<NetServRun> SetupAsync(string[] words) => _deployment.CliAsync("setup", words);

    private async Task<string> PrintAsync(string[] words)
    {
        NetServRun run = await _deployment.CliAsync("setup", [.. words, "--print"]);
        Assert.That(run.Exit, Is.Zero, run.Error);
        return run.Out;
    }

    private async Task<NetServRun> SendAsync(string text)
    {
        string file = _deployment.At("request");
        await File.WriteAllTextAsync(file, text);
        return await _deployment.CliAsync("setup", "--request", file);
    }

    private async Task<NetServRun> SendChangedAsync(Func<string, string> change)
    {
        string text = await PrintAsync(_deployment.Mark("alice", AlicesPort, "--ttl", "60"));
        Assert.That(change(text), Is.Not.EqualTo(text));
        return await SendAsync(change(text));
    }

    private async Task HoldRefusedAsync(string code, string field, NetServRun run, string cause = "")
    {
        JsonElement modules = await _deployment.ListAsync("modules");
        Assert.Multiple(() =>
        {
            Assert.That(run.Exit, Is.EqualTo(1), run.Out);
            Assert.That(run.Out, Is.Empty);
            Assert.That(run.ErrorLines, Has.Length.EqualTo(1), run.Error);
            Assert.That(run.Error, Does.StartWith($"{code}: ").And.Contain(field).And.Contain(cause));
            Assert.That(run.Error, Does.Match("[;,] .+"), "the sentence has a way out");
            Assert.That(modules.EnumerateArray().Where(m => m.GetProperty("state").GetString() != "draining").Select(m => m.GetProperty("user").GetString()), Is.EqualTo((string[])["bob"]));
            Assert.That(_deployment.Pass(BobsPort), Is.EqualTo("stamp=01"), "bob's module works on");
            Assert.That(_deployment.Pass(AlicesPort), Is.EqualTo("stamp=00"), "nothing of alice's is installed");
        });
    }

    private sealed class LateClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}

using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using NetServ.Signaling;

namespace NetServ.Cli.Tests;

public class RequestVerbTests
{
    private const string Module = "NetServ.Modules.Mark_1.0.0";

    private FakeController _controller = null!;
    private string _folder = "";
    private string _key = "";

    private static string BundleChecksum => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(FakeController.Bundle));

    [SetUp]
    public async Task StartController()
    {
        _controller = await FakeController.StartAsync();
        _folder = Directory.CreateTempSubdirectory("netserv-cli").FullName;
        await CliRun.Of("keygen", "--user", "jane", "--out", _folder);
        _key = Path.Combine(_folder, "jane.key");
        _controller.Operator.PublicKeys["jane"] = File.ReadAllText(Path.Combine(_folder, "jane.pub"));
    }

    [TearDown]
    public async Task StopController()
    {
        await _controller.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Setup_sends_every_option_as_a_signed_header_and_prints_2_0_0()
    {
        CliRun run = await Setup("--ttl", "60", "--filter-proto", "udp", "--filter-port", "5060", "--filter-ipv4", "10.0.0.1",
            "--properties", "a=1", "--dependencies", "Base", "--notification", "nobody");
        Assert.That((run.Exit, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.OutLines, Is.EqualTo(new[] { "2 0 0", Module + " runs on node1, node2." }));
        NetServRequest sent = Sent();
        Assert.Multiple(() =>
        {
            Assert.That(sent.Module.ToString(), Is.EqualTo(Module));
            Assert.That(sent.TtlSeconds, Is.EqualTo(60));
            Assert.That(sent.Filter!.ToString(), Is.EqualTo("udp to 10.0.0.1/32 port 5060"));
            Assert.That(sent.Properties["a"], Is.EqualTo("1"));
            Assert.That(sent.Dependencies.Single().Name, Is.EqualTo("Base"));
            Assert.That(sent.Notification, Is.EqualTo("nobody"));
            Assert.That(_controller.Operator.Modules, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task Setup_says_of_source_direction_order_failure_fragments_and_steering_what_its_options_say()
    {
        CliRun run = await Setup("--filter-ipv4", "10.0.0.1", "--filter-proto", "tcp", "--filter-src-ipv4", "10.9.0.0/16", "--filter-src-port", "99",
            "--filter-direction", "both", "--filter-order", "5", "--failure-mode", "closed", "--fragments", "drop", "--spread", "tos", "--steering", "proactive");
        Assert.That((run.Exit, run.Error), Is.EqualTo((0, "")));
        Assert.That(Sent().Filter!.ToString(), Is.EqualTo("tcp from 10.9.0.0/16 port 99 to 10.0.0.1/32, both directions"));
        Assert.That(Sent().Terms, Is.EqualTo(new SteeringTerms { Order = 5, FailureMode = FailureMode.Closed, Fragments = FragmentMode.Drop, IsSpread = true, Mode = SteeringMode.Proactive }));
    }

    [Test]
    public async Task Faults_of_the_terms_are_told_by_option_all_at_once()
    {
        CliRun run = await Setup("--failure-mode", "half", "--filter-src-port", "0", "--steering", "never");
        Assert.That(run.Exit, Is.EqualTo(2));
        foreach (string option in new[] { "--failure-mode", "--filter-src-port", "--steering", "--filter-ipv4", "--filter-proto" })
            Assert.That(run.ErrorLines.Count(line => line.Contains(option + ": ", StringComparison.Ordinal)), Is.EqualTo(1), option);
    }

    [Test]
    public async Task The_checksum_is_computed_from_what_the_url_gives()
    {
        await Setup();
        Assert.That(Sent().Header("checksum"), Is.EqualTo(BundleChecksum));
    }

    [Test]
    public async Task The_checksum_is_computed_from_a_local_bundle_without_a_download()
    {
        string bundle = Path.Combine(_folder, "mark.nupkg");
        File.WriteAllBytes(bundle, FakeController.Bundle);
        CliRun run = await Run("setup", "--url", "http://127.0.0.1:9/mark.nupkg", "--bundle", bundle);
        Assert.That((run.Exit, run.Error), Is.EqualTo((0, "")));
        Assert.That(Sent().Header("checksum"), Is.EqualTo(BundleChecksum));
    }

    [Test]
    public async Task A_given_checksum_is_sent_as_it_is()
    {
        string checksum = "sha256:" + new string('a', 64);
        await Run("setup", "--url", "http://127.0.0.1:9/mark.nupkg", "--checksum", checksum);
        Assert.That(Sent().Header("checksum"), Is.EqualTo(checksum));
    }

    [TestCase("http://127.0.0.1:9/mark.nupkg")]
    [TestCase("{0}.not-there")]
    public async Task A_url_that_gives_nothing_is_told_and_nothing_is_sent(string url)
    {
        CliRun run = await Run("setup", "--url", string.Format(url, _controller.BundleUrl));
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(run.Error, Does.StartWith("unreachable-url: ").And.Contain("--checksum").And.EndWith("(url)\n"));
        Assert.That(_controller.Operator.Received, Is.Empty);
    }

    [Test]
    public async Task A_dry_run_changes_nothing_and_says_so()
    {
        CliRun run = await Setup("--dry-run");
        Assert.That(run.Exit, Is.Zero);
        Assert.That(run.OutLines, Is.EqualTo(new[] { "2 0 0", "The request is good; nothing was changed." }));
        Assert.That(_controller.Operator.Modules, Is.Empty);
    }

    [Test]
    public async Task What_is_printed_can_be_sent_once_and_is_then_a_replay()
    {
        CliRun printed = await Setup("--print");
        Assert.That(printed.Exit, Is.Zero);
        Assert.That(_controller.Operator.Received, Is.Empty);
        string file = Path.Combine(_folder, "request.txt");
        File.WriteAllText(file, printed.Out);

        CliRun first = await CliRun.Of("setup", "--controller", _controller.Url, "--request", file);
        CliRun second = await CliRun.With(new Surroundings { In = printed.Out }, "setup", "--controller", _controller.Url, "--request", "-");
        Assert.That(first.OutLines[0], Is.EqualTo("2 0 0"));
        Assert.That(_controller.Operator.Received[0], Is.EqualTo(Encoding.UTF8.GetBytes(printed.Out)));
        Assert.That((second.Exit, second.Out, second.Error), Is.EqualTo((1, "", "replayed: The nonce was used before; sign again. (nonce)\n")));
    }

    [Test]
    public async Task A_changed_request_is_sent_as_it_is_and_refused()
    {
        string text = (await Setup("--print")).Out.Replace("user: jane", "user: jane\nttl: 9");
        CliRun run = await CliRun.With(new Surroundings { In = text }, "setup", "--controller", _controller.Url, "--request", "-");
        Assert.That((run.Exit, run.Error), Is.EqualTo((1, "bad-signature: The signature is wrong. (signature)\n")));
    }

    [Test]
    public async Task Remove_takes_the_module_away_and_a_second_one_is_refused()
    {
        await Setup();
        CliRun first = await Run("remove");
        CliRun second = await Run("remove");
        Assert.That(first.OutLines, Is.EqualTo(new[] { "2 0 0", Module + " is removed." }));
        Assert.That(_controller.Operator.Modules, Is.Empty);
        Assert.That((second.Exit, second.Error), Is.EqualTo((1, $"module-not-installed: '{Module}' is not installed.\n")));
    }

    [Test]
    public async Task All_faults_of_the_options_are_told_at_once_and_nothing_is_sent()
    {
        CliRun run = await CliRun.Of("setup", "--controller", "somewhere", "--key", "/nonexistent", "--ttl", "0", "--filter-proto", "icmp", "--filter-port", "7", "--wait", "no", "--bogus");
        Assert.That((run.Exit, run.Out), Is.EqualTo((2, "")));
        foreach (string option in new[] { "--controller", "--key", "--user", "--module", "--url", "--ttl", "--filter-port", "--filter-ipv4", "--wait", "--bogus" })
            Assert.That(run.ErrorLines.Any(line => line.StartsWith("netserv setup: ") && line.Contains(option)), Is.True, option);
    }

    [TestCase("--filter-proto: --filter-port stands without --filter-proto; add '--filter-proto udp' or '--filter-proto tcp'.", "--filter-port", "5060")]
    [TestCase("--filter-port: icmp has no ports; remove --filter-port or use --filter-proto udp or tcp.", "--filter-port", "5060", "--filter-proto", "icmp")]
    public async Task What_is_wrong_with_a_request_is_told_in_options(string fault, params string[] options)
    {
        CliRun run = await Setup(["--filter-ipv4", "10.0.0.1", .. options]);
        Assert.That(run.Exit, Is.EqualTo(2));
        Assert.That(run.ErrorLines, Is.EqualTo(new[] { $"netserv setup: {fault}", "'netserv setup --help' tells the options" }));
    }

    [Test]
    public async Task A_key_file_with_something_else_in_it_is_a_bad_option()
    {
        CliRun run = await CliRun.Of("remove", "--controller", _controller.Url, "--user", "jane", "--module", "Mark", "--key", Path.Combine(_folder, "jane.pub"));
        Assert.That(run.Exit, Is.EqualTo(2));
        Assert.That(run.ErrorLines[0], Does.StartWith("netserv remove: --key: ").And.Contain("jane.pub").And.Contain("netserv keygen"));
    }

    [Test]
    public async Task A_ready_made_request_goes_with_no_option_that_makes_one()
    {
        CliRun run = await CliRun.Of("setup", "--request", "/nonexistent", "--user", "jane", "--ttl", "5", "--bundle", "/nonexistent");
        Assert.That(run.Exit, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("--user cannot go with --request").And.Contain("--ttl cannot go").And.Contain("--bundle cannot go").And.Contain("no file '/nonexistent'"));
    }

    [Test]
    public async Task An_unreachable_controller_is_told_in_one_line()
    {
        await _controller.DisposeAsync();
        CliRun run = await Run("remove");
        Assert.That((run.Exit, run.Out), Is.EqualTo((1, "")));
        Assert.That(run.Error, Is.EqualTo($"netserv remove: no controller answers at {_controller.Url}; start one with 'netserv controller', or name another with --controller\n"));
    }

    [Test]
    public async Task A_server_that_is_no_controller_is_told_in_one_line()
    {
        string web = new Uri(_controller.BundleUrl).GetLeftPart(UriPartial.Authority);
        CliRun plain = await CliRun.Of("nodes", "--controller", web);
        CliRun tls = await CliRun.Of("nodes", "--controller", web.Replace("http:", "https:"));
        Assert.That((plain.Exit, plain.Error), Is.EqualTo((1, $"netserv nodes: what answers at {web} does not speak gRPC; name the controller's operator port with --controller\n")));
        Assert.That(tls.Exit, Is.EqualTo(1));
        Assert.That(tls.Error, Does.StartWith("netserv nodes: no trusted TLS connection to https:"));
    }

    [Test]
    public async Task A_token_that_cannot_be_sent_and_a_request_that_is_too_large_are_bad_options()
    {
        CliRun run = await Setup("--token", "two words", "--properties", "x=" + new string('y', 17_000), "--checksum", BundleChecksum);
        Assert.That(run.Exit, Is.EqualTo(2));
        Assert.That(run.ErrorLines[0], Does.StartWith("netserv setup: --token: "));
        Assert.That(run.ErrorLines[1], Does.StartWith("netserv setup: size: The request has 17"));
    }

    [Test]
    public async Task A_controller_that_fails_is_told_in_one_line()
    {
        _controller.Operator.Failure = new RpcException(new Status(StatusCode.Internal, "out of\nluck"));
        CliRun run = await Run("remove");
        Assert.That((run.Exit, run.Error), Is.EqualTo((1, $"netserv remove: the controller at {_controller.Url} failed: out of luck (Internal)\n")));
    }

    private Task<CliRun> Setup(params string[] more) => Run("setup", ["--url", _controller.BundleUrl, .. more]);

    private Task<CliRun> Run(string verb, params string[] more) =>
        CliRun.Of([verb, "--controller", _controller.Url, "--user", "jane", "--key", _key, "--module", Module, .. more]);

    private NetServRequest Sent()
    {
        Assert.That(NetServRequest.TryParse(_controller.Operator.Received.Single(), out NetServRequest? request, out RequestRefusal? refusal), Is.True, refusal?.Text);
        return request!;
    }
}

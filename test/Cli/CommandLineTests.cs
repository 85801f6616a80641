namespace NetServ.Cli.Tests;

public class CommandLineTests
{
    private static readonly string[] s_verbs = ["keygen", "setup", "remove", "nodes", "modules", "flows", "switches", "links", "hosts", "trace", "check", "recall", "clean", "watch", "decode", "doctor"];

    [Test]
    public async Task Help_lists_every_verb()
    {
        CliRun run = await CliRun.Of("--help");
        Assert.That(run.Exit, Is.Zero);
        foreach (string verb in s_verbs)
            Assert.That(run.OutLines.Any(line => line.TrimStart().StartsWith(verb + " ")), Is.True, verb);
    }

    [TestCaseSource(nameof(s_verbs))]
    public async Task Every_verb_explains_itself(string verb)
    {
        CliRun run = await CliRun.Of(verb, "--help");
        Assert.That((run.Exit, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Out, Does.Contain($"netserv {verb}"));
    }

    [TestCaseSource(nameof(s_verbs))]
    public async Task Every_verb_refuses_an_option_it_does_not_know(string verb)
    {
        CliRun run = await CliRun.Of(verb, "--no-such-option", "--nor-this");
        Assert.That((run.Exit, run.Out), Is.EqualTo((2, "")));
        Assert.That(run.Error, Does.Contain("--no-such-option").And.Contain("--nor-this"));
    }

    [TestCase("node drain node1 --withn 60", "--withn")]
    [TestCase("node drain --withn 60 node1", "--withn")]
    [TestCase("node resume node1 -f", "-f")]
    [TestCase("trace udp --bogus", "--bogus")]
    [TestCase("recall udp --bogus --nor-this", "--bogus", "--nor-this")]
    public async Task An_unknown_option_is_not_taken_for_the_argument_or_a_second_one(string line, params string[] unknown)
    {
        CliRun run = await CliRun.Of(line.Split(' '));
        Assert.That((run.Exit, run.Out), Is.EqualTo((2, "")));
        Assert.That(run.ErrorLines[..^1].Select(told => told.Split(": ")[1]), Is.EqualTo(unknown.Select(option => $"Unrecognized command or argument '{option}'.")));
    }

    [Test]
    public async Task An_unknown_option_and_a_missing_argument_are_told_together()
    {
        CliRun run = await CliRun.Of("trace", "--bogus");
        Assert.That(run.ErrorLines[..^1], Has.Length.EqualTo(2));
        Assert.That(run.ErrorLines[0], Does.Contain("'--bogus'"));
        Assert.That(run.ErrorLines[1], Does.Contain("write one PACKET"));
    }

    [TestCase("trace", "netserv trace <PACKET> [options]")]
    [TestCase("recall", "netserv recall <FLOWS> [options]")]
    [TestCase("node drain", "netserv node drain <NAME> [options]")]
    [TestCase("decode", "netserv decode [<HEX>...] [options]")]
    public async Task The_usage_line_says_how_many_arguments_a_verb_takes(string verb, string usage) =>
        Assert.That((await CliRun.Of([.. verb.Split(' '), "--help"])).OutLines.Select(line => line.Trim()), Has.Some.EqualTo(usage));

    [Test]
    public async Task No_verb_and_unknown_verbs_are_bad_options()
    {
        Assert.That((await CliRun.Of()).Exit, Is.EqualTo(2));
        CliRun unknown = await CliRun.Of("install");
        Assert.That(unknown.Exit, Is.EqualTo(2));
        Assert.That(unknown.Error, Does.Contain("'install'"));
    }
}

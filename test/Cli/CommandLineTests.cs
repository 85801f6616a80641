namespace NetServ.Cli.Tests;

public class CommandLineTests
{
    private static readonly string[] s_verbs = ["keygen", "setup", "remove", "nodes", "modules", "flows", "switches", "clean", "watch", "decode", "doctor"];

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

    [Test]
    public async Task No_verb_and_unknown_verbs_are_bad_options()
    {
        Assert.That((await CliRun.Of()).Exit, Is.EqualTo(2));
        CliRun unknown = await CliRun.Of("install");
        Assert.That(unknown.Exit, Is.EqualTo(2));
        Assert.That(unknown.Error, Does.Contain("'install'"));
    }
}

using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Requests;

/// <summary>Help shows a command as it is typed.</summary>
[Parallelizable]
public class HelpTests
{
    [TestCase("demo", "[options]")]
    [TestCase("controller", "[options]")]
    [TestCase("node", "[options]")]
    [TestCase("node drain", "<NAME> [options]")]
    [TestCase("switch", "[options]")]
    [TestCase("bench", "[command] [options]")]
    [TestCase("bench controller", "[options]")]
    [TestCase("setup", "[options]")]
    [TestCase("trace", "<PACKET> [options]")]
    [TestCase("recall", "<FLOWS> [options]")]
    public async Task The_usage_line_has_what_a_person_types(string verb, string more)
    {
        NetServRun run = await NetServProcess.RunAsync([.. verb.Split(' '), "--help"]);
        Assert.That((run.Exit, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Out.Split('\n').Select(line => line.Trim()), Has.Some.EqualTo($"netserv {verb} {more}"));
    }
}

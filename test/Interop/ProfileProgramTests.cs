using NetServ.Interop.Tests.Support;

namespace NetServ.Interop.Tests;

/// <summary>Profiles as an operator gives them to the program.</summary>
public sealed class ProfileProgramTests
{
    private string _file = "";

    [SetUp]
    public void MakeFile() => _file = Path.GetTempFileName();

    [TearDown]
    public void RemoveFile() => File.Delete(_file);

    [Test]
    public async Task A_profile_of_a_file_makes_the_table_small_and_a_rule_forward_late()
    {
        File.WriteAllText(_file, """{ "tableSize": 1, "installDelayMs": [2000, 2000], "barrierLeadMs": "unbounded" }""");
        using RunningSwitch target = await RunningSwitch.Start(2, "--profile", _file, "--seed", "7");
        byte[] frame = RunningSwitch.Frame(1, 2);
        target.Ofctl("add-flow", "in_port=1,actions=output:2");
        target.Hosts[0].Send(frame);
        target.Eventually("dump-tables", output => output.Contains("lookup=1, matched=0", StringComparison.Ordinal));
        Assert.That(target.Ofctl("dump-flows"), Does.Contain("in_port=1 actions=output:2"), "the agent says that it is there");
        Assert.That(target.Refused("add-flow", "in_port=2,actions=output:1"), Does.Contain("OFPFMFC_TABLE_FULL"));
        target.Eventually("dump-flows", output =>
        {
            target.Hosts[0].Send(frame);
            return !output.Contains("n_packets=0", StringComparison.Ordinal);
        });
        Assert.That(target.Receive(2), Is.EqualTo(frame));
    }

    [Test]
    public void A_bad_profile_is_refused_with_every_fault_and_exit_code_2()
    {
        File.WriteAllText(_file, """{ "tableSize": 0, "order": "random", "speed": 1 }""");
        int? code = ExternalProgram.RunToEnd(RunningSwitch.Dotnet, [RunningSwitch.Program, "--profile", _file, "--seed", "x"], out string output);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(output, Does.Contain("--dpid is missing").And.Contain("tableSize: 0").And.Contain("order: \"random\"").And.Contain("no field speed").And.Contain("--seed: 'x'"));
    }

    [Test]
    public void A_profile_that_is_no_name_and_no_file_is_told_the_names()
    {
        int? code = ExternalProgram.RunToEnd(RunningSwitch.Dotnet, [RunningSwitch.Program, "--dpid", "1", "--profile", "hp"], out string output);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(output, Does.Contain("hp5406zl, pica8-p3290, dell8132f, switch-x-v1, worst"));
    }
}

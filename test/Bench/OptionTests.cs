namespace NetServ.Bench.Tests;

/// <summary>The command line.</summary>
public class OptionTests
{
    [Test]
    public void Every_fault_is_told_at_once()
    {
        BenchProgram run = BenchProgram.Run(
            "--switches", "0", "--mode", "fast", "--macs", "7", "--packet-bytes", "20", "--buffers", "many", "--duration", "soon", "--greedy", "2", "--rounds", "1", "--rounds", "2", "--colour", "red");
        Assert.That(run.Exit, Is.EqualTo(2));
        Assert.That(run.Output, Is.Empty);
        foreach (string option in (string[])["--target", "--switches", "--mode", "--macs", "--packet-bytes", "--buffers", "--duration", "--greedy", "--rounds", "--colour"])
            Assert.That(run.Errors, Does.Contain(option));
    }

    [TestCase("127.0.0.1")]
    [TestCase("127.0.0.1:0")]
    [TestCase(":6653")]
    [TestCase("127.0.0.1:99999")]
    public void A_target_is_a_host_and_a_port(string target)
    {
        BenchProgram run = BenchProgram.Run("--target", target);
        Assert.That(run.Exit, Is.EqualTo(2));
        Assert.That(run.Errors, Does.Contain($"'{target}' is not HOST:PORT"));
    }

    [Test]
    public void The_help_says_what_an_answer_is()
    {
        BenchProgram run = BenchProgram.Run("--help");
        Assert.That(run.Exit, Is.Zero);
        Assert.That(run.Output, Does.Contain("PACKET_OUT with at least one action").And.Contain("--greedy"));
    }
}

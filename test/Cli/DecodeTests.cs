namespace NetServ.Cli.Tests;

public class DecodeTests
{
    private const string Hello = "0100000800000001";

    [Test]
    public async Task Messages_given_as_arguments_are_printed_one_a_line()
    {
        CliRun run = await CliRun.Of("decode", Hello, "0102000800000002");
        Assert.That((run.Exit, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.OutLines, Has.Length.EqualTo(2));
        Assert.That(run.OutLines[0], Does.Contain("HELLO"));
        Assert.That(run.OutLines[1], Does.Contain("ECHO_REQUEST"));
    }

    [Test]
    public async Task Without_arguments_lines_of_standard_input_are_read()
    {
        CliRun run = await CliRun.With(new Surroundings { In = Hello + "\n" + Hello + "\n" }, "decode");
        Assert.That(run.Exit, Is.Zero);
        Assert.That(run.OutLines, Has.Length.EqualTo(2));
    }

    [TestCase("01000008")]
    [TestCase("0x01zz")]
    [TestCase("010")]
    public async Task A_malformed_one_is_named_with_exit_1(string hex)
    {
        CliRun run = await CliRun.Of("decode", hex, Hello);
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.ErrorLines, Is.Not.Empty);
        Assert.That(run.Out, Does.Contain("HELLO"));
    }
}

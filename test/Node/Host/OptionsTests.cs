using NetServ.Node.Options;

namespace NetServ.Node.Tests.Host;

public class OptionsTests
{
    [Test]
    public async Task Every_fault_is_told_at_once_with_exit_code_2()
    {
        using StringWriter error = new();
        int code = await NodeCommand.RunAsync(
            ["--controller", "localhost", "--port", "carrier-pigeon:x", "--capacity", "0", "--mac", "01:00:00:00:00:01", "--ip", "10.0.0", "--token", "a", "--token-file", "b",
                "--name", "a b", "--bundle-limit", "x", "--bundle-timeout", "0", "--bogus"],
            TextWriter.Null, error);
        string text = error.ToString();
        Assert.That(code, Is.EqualTo(2));
        foreach (string option in (string[])["--controller", "--port", "--capacity", "--mac", "--ip", "--token", "--name", "--bundle-limit", "--bundle-timeout", "--bogus"])
            Assert.That(text, Does.Contain(option));
        Assert.That(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.All.StartsWith("netserv node: "));
    }

    [Test]
    public async Task Missing_options_are_named()
    {
        using StringWriter error = new();
        Assert.That(await NodeCommand.RunAsync([], TextWriter.Null, error), Is.EqualTo(2));
        Assert.That(error.ToString(), Does.Contain("--controller is missing").And.Contain("--port is missing"));
    }

    [Test]
    public async Task Help_names_every_option_and_ends_well()
    {
        using StringWriter output = new();
        Assert.That(await NodeCommand.RunAsync(["--help"], output, TextWriter.Null), Is.Zero);
        foreach (string option in (string[])["--controller", "--port", "--name", "--token", "--token-file", "--capacity", "--mac", "--ip", "--bundle-limit", "--bundle-timeout"])
            Assert.That(output.ToString(), Does.Contain(option));
    }

    [Test]
    public void Token_comes_from_a_file_without_the_newline_at_its_end()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "secret\n");
        NodeOptions? options = new NodeOptionsReader().Read(Least with { TokenFile = file });
        File.Delete(file);
        Assert.That(options!.Token, Is.EqualTo("secret"));
    }

    [Test]
    public void Node_without_a_given_address_gets_one_that_is_local_unicast_and_stays_the_same()
    {
        NodeOptions one = new NodeOptionsReader().Read(Least with { Name = "one" })!;
        Assert.That(new NodeOptionsReader().Read(Least with { Name = "one" })!.Mac, Is.EqualTo(one.Mac));
        Assert.That(new NodeOptionsReader().Read(Least with { Name = "two" })!.Mac, Is.Not.EqualTo(one.Mac));
        Assert.That(one.Mac.Value >> 40, Is.EqualTo(2));
    }

    [Test]
    public async Task Port_that_cannot_be_opened_is_one_line_and_exit_code_2()
    {
        using StringWriter error = new();
        int code = await NodeCommand.RunAsync(["--controller", "http://127.0.0.1:1", "--port", "veth:nosuchif0"], TextWriter.Null, error);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1).And.All.Contain("nosuchif0"));
    }

    private static NodeOptionsText Least => new() { Controller = "http://127.0.0.1:1", Port = "unix:/tmp/x" };
}

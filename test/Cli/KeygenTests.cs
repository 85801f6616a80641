using System.Security.Cryptography;
using NetServ.Signaling;

namespace NetServ.Cli.Tests;

public class KeygenTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("netserv-cli").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task A_key_pair_is_made_that_signs_and_verifies_and_only_its_owner_can_read()
    {
        string folder = Path.Combine(_folder, "keys");
        CliRun run = await CliRun.Of("keygen", "--user", "jane", "--out", folder);
        string privateFile = Path.Combine(folder, "jane.key");
        string publicFile = Path.Combine(folder, "jane.pub");
        Assert.That((run.Exit, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Out, Does.Contain(privateFile).And.Contain(publicFile));
        using RequestSigner signer = new(File.ReadAllText(privateFile), TimeProvider.System, RandomNumberGenerator.Create());
        Assert.That(RequestVerifier.Verify(signer.Sign(RequestCommand.Remove, "Mark", new RequestHeader("user", "jane")), File.ReadAllText(publicFile)), Is.True);
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(privateFile), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [TestCase("jane.key")]
    [TestCase("jane.pub")]
    public async Task An_existing_file_is_not_overwritten_and_nothing_else_is_written(string existing)
    {
        string file = Path.Combine(_folder, existing);
        File.WriteAllText(file, "precious");
        CliRun run = await CliRun.Of("keygen", "--user", "jane", "--out", _folder);
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(run.Error, Does.Contain(file));
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { file }));
        Assert.That(File.ReadAllText(file), Is.EqualTo("precious"));
    }

    [TestCase("../jane")]
    [TestCase("jane doe")]
    [TestCase("")]
    [TestCase("..")]
    public async Task A_name_that_is_no_user_name_is_a_bad_option(string user)
    {
        CliRun run = await CliRun.Of("keygen", "--user", user, "--out", _folder);
        Assert.That(run.Exit, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("--user"));
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.Empty);
    }
}

using System.Diagnostics;
using System.Security.Cryptography;
using static NetServ.Signaling.Tests.Requests;

namespace NetServ.Signaling.Tests;

/// <summary>The same signatures, made and checked by the openssl program.</summary>
public class OpensslTests
{
    private string _folder = "";

    [SetUp]
    public void RequireOpenssl()
    {
        if (!OperatingSystem.IsLinux() || !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "openssl"))))
            Assert.Ignore("the openssl program is not on the PATH");
        _folder = Directory.CreateTempSubdirectory("netserv-openssl").FullName;
    }

    [TearDown]
    public void RemoveFolder()
    {
        if (_folder.Length > 0)
            Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void Openssl_verifies_what_we_sign()
    {
        (string privatePem, string publicPem) = SigningKeys.Create();
        using RequestSigner signer = new(privatePem, TimeProvider.System, RandomNumberGenerator.Create());
        NetServRequest request = signer.Sign(RequestCommand.Remove, "NetServ.Modules.Mark", new RequestHeader("user", "janedoe"));
        File.WriteAllText(In("pub"), publicPem);
        File.WriteAllBytes(In("canonical"), CanonicalForm.Write(request));
        File.WriteAllBytes(In("sig"), request.Signature!.Value.ToArray());
        Assert.That(Openssl("dgst", "-sha256", "-verify", In("pub"), "-signature", In("sig"), In("canonical")), Is.EqualTo((0, "Verified OK")));
        File.AppendAllText(In("canonical"), "x");
        Assert.That(Openssl("dgst", "-sha256", "-verify", In("pub"), "-signature", In("sig"), In("canonical")).Exit, Is.Not.Zero);
    }

    [TestCase("ecparam", "-name", "prime256v1", "-genkey", "-out")]
    [TestCase("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out")]
    public void We_verify_what_openssl_signs(params string[] makeKey)
    {
        Openssl([.. makeKey, In("key")]);
        Openssl("ec", "-in", In("key"), "-pubout", "-out", In("pub"));
        File.WriteAllBytes(In("canonical"), CanonicalForm.Write(Accepted(SetupLines)));
        Assert.That(Openssl("dgst", "-sha256", "-sign", In("key"), "-out", In("sig"), In("canonical")).Exit, Is.Zero);
        NetServRequest signed = Accepted(SetupLines.With("signature", Convert.ToBase64String(File.ReadAllBytes(In("sig")))));
        Assert.That(RequestVerifier.Verify(signed, File.ReadAllText(In("pub"))), Is.True);
        Assert.That(RequestVerifier.Verify(Signed(File.ReadAllText(In("key")), SetupLines), File.ReadAllText(In("pub"))), Is.True);
    }

    [Test]
    public void The_worked_example_of_the_documentation_makes_and_checks_a_valid_request()
    {
        string page = File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "request-format.md"));
        string[] blocks = [.. page.Split("```sh\n").Skip(1).Select(rest => rest[..rest.IndexOf("```")])];
        Assert.That(blocks, Has.Length.EqualTo(2));
        string script = "set -e\n" + string.Concat(blocks).Replace("netserv remove", "#");
        Assert.That(Run("bash", "-c", $"cd '{_folder}'\n{script}"), Is.EqualTo((0, "Verified OK")));
        Assert.That(RequestVerifier.Verify(Accepted(File.ReadAllBytes(In("request.txt"))), File.ReadAllText(In("janedoe.pub"))), Is.True);
    }

    private string In(string name) => Path.Combine(_folder, name);

    private static (int Exit, string Output) Openssl(params string[] arguments) => Run("openssl", arguments);

    private static (int Exit, string Output) Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        _ = errors.Result;
        return (process.ExitCode, output);
    }
}

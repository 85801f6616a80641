using System.Diagnostics;

namespace NetServ.Cli.Tests;

/// <summary>The program as a process: its streams and its exit code.</summary>
public class ProgramTests
{
    [TestCase("0100000800000001\n0102000800000002\n", 0)]
    [TestCase("01000008\n", 1)]
    public async Task Decode_reads_its_standard_input_and_exits_as_said(string input, int exit)
    {
        string program = Path.Combine(TestContext.CurrentContext.TestDirectory, "NetServ.Cli.dll");
        ProcessStartInfo how = new("dotnet", [program, "decode"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(how)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.EqualTo(exit), await errors);
        Assert.That(output.Contains("HELLO"), Is.EqualTo(exit == 0));
        Assert.That(await errors, exit == 0 ? Is.Empty : Is.Not.Empty);
    }
}

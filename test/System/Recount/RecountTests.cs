using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Recount;

/// <summary>What the demo prints is what tshark alone counts from the recording.</summary>
public sealed class RecountTests
{
    [OneTimeSetUp]
    public void Require() => ExternalTool.Require("tshark", "python3");

    [TestCase("--module", "keepalive", "--burst", "64", "--flows", "4")]
    [TestCase("--module", "netmonitor", "--nodes", "3", "--flows", "40", "--switch", "ovs")]
    public void A_run_is_counted_alike(params string[] arguments)
    {
        if (arguments.Contains("ovs"))
            ExternalTool.Require("ovs-vswitchd", "ovsdb-server", "ovs-vsctl", "ovs-ofctl");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("recount-");
        try
        {
            DemoProcess demo = DemoProcess.RunWell([.. arguments, "--record", folder.FullName]);
            (int code, string[] lines) = RecountScript.Run(folder.FullName, demo.Output);
            Assert.That(lines, Has.Length.EqualTo(1).And.All.StartsWith("agrees: "));
            Assert.That(code, Is.Zero);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

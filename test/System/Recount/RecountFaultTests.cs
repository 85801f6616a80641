using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Recount;

/// <summary>The second count can fail: one frame or message that is missing, or there twice, is seen and named.</summary>
public sealed class RecountFaultTests
{
    private const string Sip = "ip.dst == 10.0.0.1 && udp.dstport == 5060";
    private const string ServerOut = "port3-out.pcap";
    private const string Node1Out = "port5-out.pcap";

    private string _record = "";
    private DemoProcess _demo = null!;

    [OneTimeSetUp]
    public void Record()
    {
        ExternalTool.Require("tshark", "python3", "editcap", "mergecap");
        _record = Directory.CreateTempSubdirectory("recount-").FullName;
        _demo = DemoProcess.RunWell("--module", "mark", "--flows", "6", "--record", _record);
    }

    [OneTimeTearDown]
    public void Remove()
    {
        if (_record.Length > 0)
            Directory.Delete(_record, recursive: true);
    }

    [Test]
    public void A_frame_that_did_not_arrive_is_lost() =>
        Differs(record => record.LeaveOut(ServerOut, Sip), "phases.installed.lost: the demo says 0, the recording 1");

    [Test]
    public void A_frame_that_arrived_twice_is_duplicated() =>
        Differs(record => record.PutIn(ServerOut, ServerOut, Sip), "phases.installed.duplicated: the demo says 0, the recording 1");

    [Test]
    public void A_frame_that_no_node_got_is_unprocessed() =>
        Differs(record => record.LeaveOut(Node1Out, Sip), "phases.installed.unprocessed: the demo says 0, the recording 1");

    [Test]
    public void A_frame_that_a_node_got_twice_is_processed_twice() =>
        Differs(record => record.PutIn(Node1Out, Node1Out, Sip), "phases.installed.processedTwice: the demo says 0, the recording 1");

    [Test]
    public void Another_flows_frame_at_a_node_is_named() =>
        Differs(record => record.PutIn(Node1Out, "port4-out.pcap", "udp.dstport == 53"), "phases.installed.otherThroughNodes: the demo says 0, the recording 1");

    [Test]
    public void A_PacketIn_less_is_named() =>
        Differs(record => record.LeaveOut("openflow-2.pcap", $"openflow_1_0.type == 10 && {Sip}"), "phases.installed.packetInsPerMatchingFlow.min: the demo says 1, the recording 0");

    [Test]
    public void A_JSON_that_says_something_else_differs_in_that_alone()
    {
        (int code, string[] lines) = RecountScript.Run(_record, _demo.Output.Replace("\"module\":\"mark\"", "\"module\":\"netmonitor\""));
        Assert.That(code, Is.EqualTo(1));
        Assert.That(lines, Is.EqualTo((string[])["module: the demo says \"netmonitor\", the recording \"mark\""]));
    }

    private void Differs(Action<EditedRecord> edit, string expected)
    {
        using EditedRecord record = new(_record);
        edit(record);
        (int code, string[] lines) = RecountScript.Run(record.Folder, _demo.Output);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(1));
            Assert.That(lines, Does.Contain(expected));
        });
    }
}

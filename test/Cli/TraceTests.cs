using System.Text.Json;
using Grpc.Core;
using NetServ.Coordination;

namespace NetServ.Cli.Tests;

public class TraceTests
{
    private FakeController _controller = null!;

    [SetUp]
    public async Task StartController()
    {
        _controller = await FakeController.StartAsync();
        _controller.Operator.TraceReply = new TraceReply { Remarks = { "dl_dst=02:00:00:00:00:01, the host with 10.0.0.1" }, Way = Steered() };
    }

    [TearDown]
    public async Task StopController() => await _controller.DisposeAsync();

    [TestCase("s1:3", 1ul)]
    [TestCase("1:3", 1ul)]
    [TestCase("0x2a:3", 42ul)]
    [TestCase("000000000000002a:3", 42ul)]
    [TestCase("00:00:00:00:00:00:00:2a:3", 42ul)]
    public async Task The_ingress_is_a_port_of_a_switch_as_people_write_it(string port, ulong dpid)
    {
        CliRun run = await Run("--in-port", port, "--desired", "udp,tp_dst=5060");
        Assert.That((run.Exit, run.Error), Is.EqualTo((0, "")));
        TraceRequest asked = _controller.Operator.Traced!;
        Assert.That((asked.Dpid, asked.Port, asked.Packet, asked.Desired), Is.EqualTo((dpid, 3u, "udp,tp_dst=5060", true)));
    }

    [Test]
    public async Task Bad_options_are_told_all_at_once_and_nothing_is_asked()
    {
        CliRun run = await Run("--in-port", "s1");
        Assert.That((run.Exit, run.Out), Is.EqualTo((2, "")));
        Assert.That(run.ErrorLines[0], Does.StartWith("netserv trace: write one PACKET"));
        Assert.That(run.ErrorLines[1], Does.StartWith("netserv trace: --in-port: 's1' is no port of a switch"));
        Assert.That(_controller.Operator.Traced, Is.Null);
    }

    [Test]
    public async Task A_packet_that_the_controller_cannot_read_is_a_bad_option()
    {
        CliRun run = await Run("upd");
        Assert.That((run.Exit, run.Out, run.Error), Is.EqualTo((2, "", "netserv trace: 'upd' is no field; write udp\n")));
    }

    [Test]
    public async Task All_that_is_wrong_with_a_packet_is_told_a_line_each()
    {
        _controller.Operator.Failure = new RpcException(new Status(StatusCode.InvalidArgument, "'foo' is no field\nnw_dst: '3' is no IPv4 address"));
        CliRun run = await Run("foo=1,nw_dst=3");
        Assert.That((run.Exit, run.Out), Is.EqualTo((2, "")));
        Assert.That(run.ErrorLines, Is.EqualTo(new[] { "netserv trace: 'foo' is no field", "netserv trace: nw_dst: '3' is no IPv4 address" }));
    }

    [Test]
    public async Task A_way_is_told_hop_by_hop()
    {
        CliRun run = await Run("udp,tp_dst=5060");
        Assert.That(run.OutLines, Is.EqualTo(new[]
        {
            "note: dl_dst=02:00:00:00:00:01, the host with 10.0.0.1",
            "udp,tp_dst=5060 enters at s1:1",
            "  asked for by alice's Mark_1.0.0 (owner 0000002a)",
            "  1. s1:1  steering rule of alice's Mark_1.0.0 (owner 0000002a)",
            "     [40000, udp,in_port=1]",
            "       over catch rule [30000, udp actions=CONTROLLER]",
            "     -> port 3, node1: alice's Mark_1.0.0 (owner 0000002a)",
            "  2. s1:3  no rule",
            "     -> CONTROLLER: the controller decides (no rule matches)",
            "        it would be: on to its destination",
        }));
    }

    [TestCase(60)]
    [TestCase(80)]
    [TestCase(120)]
    public async Task No_line_is_longer_than_the_terminal_is_wide_and_no_word_is_lost(int width)
    {
        CliRun narrow = await CliRun.With(new Surroundings { IsTerminal = true, Width = width }, "trace", "udp", "--controller", _controller.Url);
        Assert.That(narrow.OutLines.Max(line => line.Length), Is.LessThanOrEqualTo(width));
        CliRun wide = await Run("udp");
        Assert.That(Letters(narrow.Out), Is.EqualTo(Letters(wide.Out)));
    }

    [Test]
    public async Task Two_ways_that_part_are_both_told_and_exit_is_1()
    {
        _controller.Operator.TraceReply.Believed = new Way { At = "s1:1", Packet = "udp" };
        _controller.Operator.TraceReply.Parting = "they part at s1:1";
        CliRun run = await Run("udp");
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.OutLines, Has.Some.EqualTo("By the rules on the switches:").And.Some.EqualTo("By what the controller believes to be there:"));
        Assert.That(run.OutLines[^1], Is.EqualTo("they part at s1:1"));
    }

    [TestCase("lost", 1)]
    [TestCase("loop", 1)]
    [TestCase("dropped", 0)]
    [TestCase("delivered", 0)]
    public async Task Exit_is_1_where_the_packet_is_lost_or_loops(string end, int exit)
    {
        _controller.Operator.TraceReply.Way.Hops[1].Departures[0].End = end;
        Assert.That((await Run("udp")).Exit, Is.EqualTo(exit));
    }

    [Test]
    public async Task A_port_where_nothing_comes_in_is_told_and_exit_1()
    {
        _controller.Operator.TraceReply = new TraceReply { Way = new Way { Dpid = 1, Port = 77, At = "s1:77", Packet = "udp" } };
        CliRun run = await Run("--in-port", "s1:77", "udp");
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.Out, Does.Contain("s1:77 is no port that is up: nothing comes in there"));
        Assert.That((await Run("--in-port", "s1:77", "udp", "--json")).Exit, Is.EqualTo(1));
    }

    [Test]
    public async Task As_JSON_a_way_has_its_hops_rules_and_decisions()
    {
        JsonElement way = JsonElement.Parse((await Run("udp", "--json")).Out).GetProperty("way");
        JsonElement hop = way.GetProperty("hops")[0];
        Assert.That(hop.GetProperty("rule").GetProperty("cookie").GetString(), Is.EqualTo("0x4e1400010000002a"));
        Assert.That(hop.GetProperty("departures")[0].GetProperty("ran")[0].GetInt32(), Is.EqualTo(42));
        Assert.That(way.GetProperty("hops")[1].GetProperty("rule").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(way.GetProperty("hops")[1].GetProperty("departures")[0].GetProperty("decision").GetString(), Is.EqualTo("on to its destination"));
    }

    internal static Way Steered() => new()
    {
        Dpid = 1,
        Port = 1,
        At = "s1:1",
        Packet = "udp,tp_dst=5060",
        Filters = { new WayFilter { OwnerId = 42, User = "alice", ModuleId = "Mark_1.0.0", Served = true } },
        Hops =
        {
            new WayHop
            {
                At = "s1:1",
                Rule = new WayRule { Priority = 40000, Match = "udp,in_port=1", Actions = "output:3", Cookie = 0x4e1400010000002a, What = "steering rule of alice's Mark_1.0.0 (owner 0000002a)" },
                Beaten = { new WayRule { Priority = 30000, Match = "udp", Actions = "CONTROLLER", What = "catch rule" } },
                Departures = { new WayDeparture { Port = "3", Node = "node1", Ran = { 42 }, Text = "port 3, node1: alice's Mark_1.0.0 (owner 0000002a)", Next = 1 } },
            },
            new WayHop { At = "s1:3", Departures = { new WayDeparture { Port = "CONTROLLER", End = "controller", Text = "CONTROLLER: the controller decides (no rule matches)", Next = -1, Decision = "on to its destination" } } },
        },
    };

    private static string Letters(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private Task<CliRun> Run(params string[] arguments) => CliRun.Of(["trace", .. arguments, "--controller", _controller.Url]);
}

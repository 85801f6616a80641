using System.Text.Json;
using NetServ.Coordination;

namespace NetServ.Cli.Tests;

public class ListingTests
{
    private FakeController _controller = null!;

    [SetUp]
    public async Task StartController()
    {
        _controller = await FakeController.StartAsync();
        FakeOperator fake = _controller.Operator;
        fake.Nodes.Add(new NodeInfo { Name = "node1", State = "attached", Dpid = 0xa1, Port = 5, Capacity = 2, Flows = 40, HeardMsAgo = 120, Bound = 37, Excess = 3, AnswersProbes = true, AnsweredMsAgo = 90 });
        fake.Nodes.Add(new NodeInfo { Name = "node[2]", State = "connected", Capacity = 1, HeardMsAgo = 7 });
        fake.Modules.Add(new ModuleInfo { OwnerId = 3, User = "jane", ModuleId = "Mark_1.0.0", Filter = "udp to 10.0.0.1/32", State = "active", TtlLeftS = 299, Nodes = { "node1", "node2" }, Counters = { ["seen"] = 12, ["changed"] = 11 }, Order = 5, Direction = "both", FailureMode = "closed", Stateless = true, Fragments = "pass", Steering = "proactive" });
        fake.Rules.Add(new RuleInfo { Dpid = 1, Priority = 60000, Match = "in_port=5", Actions = "output:3", Kind = "return", OwnerId = 3, Reason = "back from node1", Cookie = ulong.MaxValue - 1, State = "adopted" });
        fake.Rules.Add(new RuleInfo { Dpid = 2, Priority = 10, Match = "dl_dst=02:00:00:00:00:01", Actions = "output:1", Kind = "forwarding", State = "installed" });
        fake.Switches.Add(new SwitchInfo { Dpid = 1, Address = "127.0.0.1:50000", Buffers = 256, Ports = { new PortInfo { Number = 1, Name = "eth1", Up = true, Role = "host" }, new PortInfo { Number = 5, Name = "eth5", Role = "node node1" } } });
        fake.Switches.Add(new SwitchInfo { Dpid = 2, Address = "127.0.0.1:50001" });
        fake.Links.Add(new LinkInfo { Dpid = 1, Port = 7, PeerDpid = 2, PeerPort = 8, Flooded = true });
        fake.Hosts.Add(new HostInfo { Mac = "02:00:00:00:00:01", Vlan = 0xffff, Ipv4 = "10.0.0.1", Dpid = 1, Port = 2, HeardMsAgo = 30 });
        fake.Hosts.Add(new HostInfo { Mac = "02:00:00:00:00:02", Vlan = 5, Dpid = 2, Port = 3, HeardMsAgo = 40 });
    }

    [TearDown]
    public async Task StopController() => await _controller.DisposeAsync();

    [Test]
    public async Task Without_a_terminal_a_listing_is_aligned_text()
    {
        CliRun run = await Run("nodes");
        Assert.That(run.Exit, Is.Zero);
        Assert.That(run.OutLines, Is.EqualTo(new[]
        {
            "NODE     STATE      SWITCH            PORT  CAPACITY  FLOWS  BOUND  EXCESS  ANSWERED   HEARD",
            "node1    attached   00000000000000a1  5     2         40     37     3       90 ms ago  120 ms ago",
            "node[2]  connected  -                 -     1         0      -      -       never      7 ms ago",
        }));
    }

    [TestCase("nodes", "node[2]")]
    [TestCase("modules", "seen=12")]
    [TestCase("flows", "return")]
    [TestCase("switches", "5 eth5 down node node1")]
    [TestCase("links", "7 8 yes")]
    [TestCase("hosts", "02:00:00:00:00:01 10.0.0.1")]
    public async Task On_a_terminal_a_listing_is_a_table(string verb, string cell)
    {
        CliRun run = await CliRun.With(new Surroundings { IsTerminal = true, Width = 160 }, verb, "--controller", _controller.Url);
        string[] words = cell.Split(' ');
        Assert.That(run.Exit, Is.Zero);
        Assert.That(run.Out, Does.Contain("╭").And.Contain("│"));
        foreach (string word in words)
            Assert.That(run.Out, Does.Contain(word));
    }

    [Test]
    public async Task Nodes_as_JSON()
    {
        JsonElement first = (await Json("nodes"))[0];
        Assert.That(first.GetProperty("name").GetString(), Is.EqualTo("node1"));
        Assert.That(first.GetProperty("state").GetString(), Is.EqualTo("attached"));
        Assert.That(first.GetProperty("dpid").GetUInt64(), Is.EqualTo(0xa1));
        Assert.That(first.GetProperty("port").GetInt32(), Is.EqualTo(5));
        Assert.That(first.GetProperty("capacity").GetInt32(), Is.EqualTo(2));
        Assert.That(first.GetProperty("flows").GetInt32(), Is.EqualTo(40));
        Assert.That(first.GetProperty("heardMsAgo").GetInt32(), Is.EqualTo(120));
        Assert.That((first.GetProperty("bound").GetInt32(), first.GetProperty("excess").GetInt32(), first.GetProperty("answeredMsAgo").GetInt32()), Is.EqualTo((37, 3, 90)));
        Assert.That((await Json("nodes"))[1].GetProperty("answeredMsAgo").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Modules_as_JSON()
    {
        JsonElement only = (await Json("modules")).EnumerateArray().Single();
        Assert.That(only.GetProperty("ownerId").GetInt32(), Is.EqualTo(3));
        Assert.That(only.GetProperty("user").GetString(), Is.EqualTo("jane"));
        Assert.That(only.GetProperty("ttlLeftSeconds").GetInt32(), Is.EqualTo(299));
        Assert.That(only.GetProperty("nodes").EnumerateArray().Select(node => node.GetString()), Is.EqualTo(new[] { "node1", "node2" }));
        Assert.That(only.GetProperty("counters").GetProperty("seen").GetInt32(), Is.EqualTo(12));
    }

    [Test]
    public async Task Modules_show_order_direction_failure_mode_and_whether_they_keep_state()
    {
        Assert.That((await Run("modules")).OutLines[1], Does.StartWith("00000003  jane ").And.Contain("order 5; both; fail-closed; stateless; proactive"));
        JsonElement terms = (await Json("modules"))[0].GetProperty("terms");
        Assert.That((terms.GetProperty("order").GetInt32(), terms.GetProperty("direction").GetString(), terms.GetProperty("failureMode").GetString(), terms.GetProperty("stateless").GetBoolean()),
            Is.EqualTo((5, "both", "closed", true)));
    }

    [Test]
    public async Task Modules_show_how_far_the_shares_of_a_proactive_filter_are_from_the_weights()
    {
        Assert.That((await Run("modules")).OutLines[1], Does.Contain("; proactive, but flow by flow"));
        (_controller.Operator.Modules[0].Parts, _controller.Operator.Modules[0].ShareError) = (16, 0.0321);
        Assert.That((await Run("modules")).OutLines[1], Does.Contain("; proactive in 16 parts, 3.2 % off the weights"));
        JsonElement terms = (await Json("modules"))[0].GetProperty("terms");
        Assert.That((terms.GetProperty("parts").GetInt32(), terms.GetProperty("shareError").GetDouble()), Is.EqualTo((16, 0.0321)));
    }

    [Test]
    public async Task A_table_that_is_wider_than_the_terminal_is_a_paragraph_for_each_row_and_no_line_is_too_long()
    {
        CliRun narrow = await CliRun.With(new Surroundings { IsTerminal = true, Width = 60 }, "nodes", "--controller", _controller.Url);
        Assert.That(narrow.OutLines[0], Is.EqualTo("NODE node1"));
        Assert.That(narrow.OutLines[1], Does.StartWith("  STATE attached  SWITCH 00000000000000a1"));
        Assert.That(narrow.OutLines.Max(line => line.Length), Is.LessThanOrEqualTo(60));
        CliRun wide = await CliRun.With(new Surroundings { IsTerminal = true, Width = 200 }, "nodes", "--controller", _controller.Url);
        Assert.That(wide.Out, Does.Contain("╭"));
    }

    [TestCase("transit")]
    [TestCase("chain")]
    [TestCase("chaincatch")]
    [TestCase("partition")]
    [TestCase("guard")]
    public async Task Flows_show_rules_of_every_kind_with_owner_and_reason(string kind)
    {
        _controller.Operator.Rules.Add(new RuleInfo { Dpid = 3, Priority = 45000, Match = "in_port=1", Actions = "output:2", Kind = kind, OwnerId = 0xa1, Reason = $"why {kind}", State = "installed" });
        _controller.Operator.Switches.Add(new SwitchInfo { Dpid = 3 });
        CliRun run = await Run("flows", "--dpid", "3");
        Assert.That(run.OutLines[1], Does.Contain($" {kind} ").And.Contain(" 000000a1 ").And.EndWith($"why {kind}"));
    }

    [Test]
    public async Task Flows_as_JSON_keep_all_64_bits_of_the_cookie()
    {
        JsonElement rules = await Json("flows");
        Assert.That(rules.GetArrayLength(), Is.EqualTo(2));
        Assert.That(rules[0].GetProperty("cookie").GetString(), Is.EqualTo("0xfffffffffffffffe"));
        Assert.That(rules[0].GetProperty("priority").GetInt32(), Is.EqualTo(60000));
        Assert.That(rules[0].GetProperty("reason").GetString(), Is.EqualTo("back from node1"));
    }

    [Test]
    public async Task Switches_as_JSON_have_their_ports()
    {
        JsonElement ports = (await Json("switches"))[0].GetProperty("ports");
        Assert.That(ports[1].GetProperty("number").GetInt32(), Is.EqualTo(5));
        Assert.That(ports[1].GetProperty("up").GetBoolean(), Is.False);
        Assert.That(ports[1].GetProperty("role").GetString(), Is.EqualTo("node node1"));
    }

    [TestCase("2")]
    [TestCase("0x2")]
    [TestCase("0000000000000002")]
    [TestCase("00:00:00:00:00:00:00:02")]
    public async Task Flows_of_one_switch(string dpid)
    {
        CliRun run = await Run("flows", "--dpid", dpid);
        Assert.That(run.OutLines, Has.Length.EqualTo(2));
        Assert.That(run.OutLines[1], Does.StartWith("0000000000000002  installed  10 ").And.Contain("forwarding"));
    }

    [Test]
    public async Task Flows_with_diff_show_what_is_wanted_beside_what_the_switch_has()
    {
        _controller.Operator.Rules.Add(new RuleInfo { Dpid = 2, Priority = 5, Match = "dl_type=0x0806", Found = "NORMAL", State = "stranger", Reason = "not ours; left alone" });
        CliRun run = await Run("flows", "--diff", "--dpid", "2");
        Assert.That(_controller.Operator.LastDiff, Is.True);
        Assert.That(run.OutLines[0], Does.Contain("DESIRED").And.Contain("ON THE SWITCH"));
        Assert.That(run.OutLines[2], Does.Contain("stranger").And.Contain("NORMAL").And.EndWith("left alone"));
    }

    [Test]
    public async Task Hosts_of_one_switch_with_VLAN_and_address_where_they_have_one()
    {
        CliRun run = await Run("hosts", "--dpid", "0x2");
        Assert.That(run.OutLines[1..], Is.EqualTo(new[] { "02:00:00:00:00:02  5     -     0000000000000002  3     40 ms ago" }));
        Assert.That((await Json("hosts"))[0].GetProperty("vlan").GetInt32(), Is.EqualTo(0xffff));
    }

    [Test]
    public async Task A_switch_that_is_not_connected_is_told_and_not_taken_for_an_empty_one(
        [Values("flows", "flows --diff", "hosts")] string verb, [Values("9", "000000000000000a")] string dpid, [Values] bool json)
    {
        CliRun run = await CliRun.Of([.. verb.Split(' '), "--controller", _controller.Url, "--dpid", dpid, .. json ? ["--json"] : Array.Empty<string>()]);
        string name = verb.Split(' ')[0];
        Assert.That((run.Exit, run.Out), Is.EqualTo((1, "")));
        Assert.That(run.Error, Is.EqualTo($"netserv {name}: switch {dpid.PadLeft(16, '0')} is not connected; 'netserv switches' lists those that are\n"));
    }

    [TestCase("flows", "No rule")]
    [TestCase("hosts", "No host")]
    public async Task A_connected_switch_may_have_nothing_to_list(string verb, string nothing)
    {
        _controller.Operator.Switches.Add(new SwitchInfo { Dpid = 3 });
        CliRun run = await Run(verb, "--dpid", "3");
        Assert.That((run.Exit, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Out, Does.Contain(nothing));
    }

    [TestCase("x")]
    [TestCase("0:2")]
    [TestCase("00:00:00:00:00:02")]
    public async Task What_is_no_datapath_id_is_told_with_the_forms_that_are(string dpid)
    {
        CliRun run = await Run("hosts", "--dpid", dpid);
        Assert.That(run.Exit, Is.EqualTo(2));
        Assert.That(run.ErrorLines[0], Is.EqualTo($"netserv hosts: --dpid: '{dpid}' is not a datapath id; write a decimal number, 0x and hex digits, 16 hex digits, or 8 bytes like 00:00:00:00:00:00:00:01"));
    }

    [Test]
    public async Task Counters_are_sorted_by_name() =>
        Assert.That((await Run("modules")).OutLines[1], Does.EndWith("changed=11; seen=12"));

    [Test]
    public async Task Several_ports_of_a_switch_stay_on_its_line_of_text()
    {
        CliRun run = await Run("switches");
        Assert.That(run.OutLines[1], Does.EndWith("1 eth1 up host; 5 eth5 down node node1"));
    }

    [TestCase("nodes", "netserv node")]
    [TestCase("modules", "netserv setup")]
    [TestCase("switches", "6653")]
    [TestCase("flows", "No rule")]
    [TestCase("links", "No link")]
    [TestCase("hosts", "No host")]
    public async Task An_empty_listing_says_what_to_do_and_is_an_empty_array_in_JSON(string verb, string hint)
    {
        await using FakeController empty = await FakeController.StartAsync();
        CliRun text = await CliRun.Of(verb, "--controller", empty.Url);
        CliRun json = await CliRun.Of(verb, "--controller", empty.Url, "--json");
        Assert.That(text.Out, Does.Contain(hint));
        Assert.That(json.Out.Trim(), Is.EqualTo("[]"));
    }

    [Test]
    public async Task The_controller_and_the_token_come_from_the_environment_too()
    {
        _controller.Operator.Token = "secret";
        Dictionary<string, string> variables = new() { ["NETSERV_CONTROLLER"] = _controller.Url, ["NETSERV_TOKEN"] = "secret" };
        Assert.That((await CliRun.With(new Surroundings { Variables = variables }, "nodes")).Exit, Is.Zero);
        Assert.That((await Run("nodes", "--token", "secret")).Exit, Is.Zero);
        CliRun without = await Run("nodes");
        Assert.That(without.Exit, Is.EqualTo(1));
        Assert.That(without.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(without.Error, Does.Contain("NETSERV_TOKEN"));
    }

    [Test]
    public async Task Clean_takes_the_rules_of_one_switch_or_of_all()
    {
        CliRun one = await Run("clean", "--dpid", "0x2");
        Assert.That((one.Exit, one.Out), Is.EqualTo((0, "1 of our rules removed, 4 of others left alone.\nNone of ours goes there until the switch connects again: its packets pass all filters.\n")));
        Assert.That(_controller.Operator.Rules.Single().Dpid, Is.EqualTo(1));
        await Run("clean", "--all");
        Assert.That(_controller.Operator.Rules, Is.Empty);
    }

    [TestCase]
    [TestCase("--all", "--dpid", "1")]
    [TestCase("--dpid", "one")]
    public async Task Clean_wants_one_switch_or_all(params string[] options)
    {
        CliRun run = await Run("clean", options);
        Assert.That((run.Exit, run.Out), Is.EqualTo((2, "")));
        Assert.That(_controller.Operator.Cleaned, Is.Null);
    }

    private Task<CliRun> Run(string verb, params string[] more) => CliRun.Of([verb, "--controller", _controller.Url, .. more]);

    private async Task<JsonElement> Json(string verb)
    {
        CliRun run = await Run(verb, "--json");
        Assert.That((run.Exit, run.Error), Is.EqualTo((0, "")));
        return JsonElement.Parse(run.Out);
    }
}

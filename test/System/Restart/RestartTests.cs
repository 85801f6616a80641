using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Restart;

/// <summary>The controller's process is killed, or its channel cut, while steered traffic runs: the flows do not notice.</summary>
public partial class RestartTests
{
    private const ushort Port = SteeredFlow.Port;
    private const ulong OurMagic = 0x4e;

    private SteeredFlow _flow = null!;

    private Deployment Running => _flow.Deployment;

    [TearDown]
    public async Task Stop() => await _flow.DisposeAsync();

    [Test]
    public async Task Killed_with_9_and_started_again_nothing_is_lost_and_no_rule_is_sent_again([Values] bool ovs)
    {
        await StartAsync(ovs);
        await using Stream stream = new(Running.Client, Running.Server, Port);
        // The control run: this switch carries this pace.
        stream.Pass(250);
        Dictionary<string, double> before = Rules();
        await Running.KillControllerAsync();
        stream.Pass(250);
        await Running.RestartControllerAsync(1);
        await Running.WaitForRolesAsync();
        stream.Pass(500);
        AssertAllOnce(stream);

        JsonElement[] rules = await DiffAsync();
        Assert.That(rules.Select(r => r.GetProperty("state").GetString()), Is.All.EqualTo("adopted"));
        Assert.That(rules.Select(r => r.GetProperty("kind").GetString()), Is.SupersetOf((string[])["attachment", "signaling", "probe", "catch", "steering", "return", "forwarding"]));
        Dictionary<string, double> after = Rules();
        Assert.That(after.Keys, Is.EquivalentTo(before.Keys));
        Assert.That(after.Where(r => r.Value < before[r.Key]), Is.Empty, "a rule that was sent again is young");
        Assert.That((await Running.ListAsync("modules"))[0].GetProperty("state").GetString(), Is.EqualTo("active"));
    }

    [Test]
    public async Task With_the_channel_cut_and_mended_nothing_is_lost_and_no_rule_is_sent_again()
    {
        await StartAsync(ovs: true);
        await using Stream stream = new(Running.Client, Running.Server, Port);
        stream.Pass(250);
        Dictionary<string, double> before = Rules();
        for (int i = 0; i < 2; i++)
        {
            // Without any controller Open vSwitch would flush the table: it gets one that does not answer.
            _flow.Ovs.SetController("br0", "tcp:127.0.0.1:1");
            await Running.Controller.WaitForLineAsync("is gone");
            stream.Pass(200);
            _flow.Ovs.SetController("br0", $"tcp:{Running.OpenFlow}");
            await Running.WaitForRolesAsync();
            stream.Pass(200);
        }
        AssertAllOnce(stream);
        Assert.That((await DiffAsync()).Select(r => r.GetProperty("state").GetString()), Is.All.AnyOf("adopted", "installed"));
        Dictionary<string, double> after = Rules();
        Assert.That(after.Keys, Is.EquivalentTo(before.Keys));
        Assert.That(after.Where(r => r.Value < before[r.Key]), Is.Empty);
    }

    [Test]
    public async Task A_foreign_hand_that_wipes_the_table_is_mended([Values] bool ovs)
    {
        await StartAsync(ovs);
        Ofctl("add-flow", "cookie=0x99,priority=1,dl_type=0x88b5,actions=output:1");
        Dictionary<string, double> before = Rules();
        Ofctl("del-flows", "dl_type=0x0800");
        Assert.That(Running.PassUntil(Port, "stamp=01"), Is.EqualTo("stamp=01"));
        JsonElement[] rules = await DiffAsync();
        Assert.That(rules.Select(r => r.GetProperty("state").GetString()), Is.All.AnyOf("installed", "adopted", "stranger", "missing"));
        Assert.That(Rules().Keys.Where(k => k.Contains("tp_dst=270", StringComparison.Ordinal)), Is.Not.Empty, "the durable rule is back");
        Assert.That(before.Keys.Where(k => k.Contains("tp_dst=270", StringComparison.Ordinal)), Is.Not.Empty);
        Assert.That(Ofctl("dump-flows"), Does.Contain("cookie=0x99"), "the stranger's stays");
    }

    private async Task StartAsync(bool ovs) => _flow = await SteeredFlow.StartAsync(ovs);

    private static void AssertAllOnce(Stream stream)
    {
        IReadOnlyList<string> got = stream.Finish();
        Assert.That(got, Is.All.StartsWith("stamp=01 "), "each was processed");
        int[] numbers = [.. got.Select(g => int.Parse(g.AsSpan(9), CultureInfo.InvariantCulture))];
        Assert.That(Enumerable.Range(0, stream.Sent).Except(numbers), Is.Empty, "lost");
        Assert.That(numbers, Is.Unique);
    }

    private async Task<JsonElement[]> DiffAsync()
    {
        NetServRun run = await Running.CliAsync("flows", "--diff", "--json");
        Assert.That(run.Exit, Is.Zero, run.Error);
        return [.. JsonDocument.Parse(run.Out).RootElement.EnumerateArray()];
    }

    private string Ofctl(string command, params string[] arguments) => _flow.Ofctl(command, arguments);

    // Age in seconds of each rule of ours, by what it matches and does, as the switch tells it to another program.
    private Dictionary<string, double> Rules() => Ofctl("dump-flows").Split('\n').Select(l => RuleLine().Match(l)).Where(m => m.Success)
        .Where(m => ulong.Parse(m.Groups["cookie"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> 56 == OurMagic)
        .ToDictionary(m => m.Groups["rule"].Value, m => double.Parse(m.Groups["age"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"cookie=0x(?<cookie>[0-9a-f]+), duration=(?<age>[0-9.]+)s,.*?(?<rule>priority=.*)$")]
    private static partial Regex RuleLine();
}

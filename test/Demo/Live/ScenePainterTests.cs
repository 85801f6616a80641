using NetServ.Demo.Measuring;
using NetServ.Demo.Story;
using NetServ.Demo.Story.Live;

namespace NetServ.Demo.Tests.Live;

public class ScenePainterTests
{
    private static readonly string[] Told = [.. Enumerable.Range(1, 5).Select(n => $" ✓ {n} told of step {n}")];

    [Test]
    public void At_80_by_24_there_is_room_for_all_of_it()
    {
        string[] seen = Scenes.Seen(Scenes.Installed, 80, 24);
        Assert.That(seen[0], Does.Contain("before  SETUP  [installed]  REMOVE").And.EndsWith("12.3 s"));
        Assert.That(seen[1], Is.EqualTo(" exactly the named flows pass a node"));
        Assert.That(seen, Has.Some.Contains("PacketIn 67  PacketOut 66  FlowMod 30"));
        Assert.That(seen, Has.Some.Contains(" in this part: 608 packets direct, 333/s   1217 by a node, 667/s").And.Some.Contains("switch 1666/s"));
        Assert.That(Told, Is.SubsetOf(seen));
        Assert.That(seen, Has.Some.StartsWith(" ▶ 6 from then on").And.Some.StartsWith(" · 7 REMOVE"));
        Assert.That(seen[^3..].Select(l => l[10..]), Is.EqualTo(new[] { "event 18", "event 19", "event 20" }));
    }

    [Test]
    public void A_port_shows_what_hangs_there_and_its_frames()
    {
        string[] seen = Scenes.Seen(Scenes.Installed, 80, 24);
        Assert.That(seen, Has.Some.Matches(@"^ phone 1 +1001 +2001 ━━ 1┣.*┫5 ━━ +3001 +4001 node1 +6$"));
        Assert.That(seen, Has.Some.Matches(@"^ phone 2 +1002 +2002 ━━ 2┣.*┫6 ━━ +3002 +4002 node2 +6$"));
        Assert.That(seen, Has.Some.Matches(@"^ SIP server +1003 +2003 ━━ 3┣"));
        Assert.That(seen, Has.Some.Matches(@"^ web, DNS +1004 +2004 ━━ 4┣.* direct "));
    }

    [Test]
    public void A_large_terminal_shows_more_events_and_a_name_for_each_step()
    {
        string[] seen = Scenes.Seen(Scenes.Installed, 120, 40);
        Assert.That(seen, Has.Some.EqualTo(" ✓ 3 first packet  told of step 3"));
        Assert.That(seen.Count(l => l.Contains("event ", StringComparison.Ordinal)), Is.GreaterThan(8));
        Assert.That(seen, Has.Some.Contains("│ OpenFlow"));
    }

    [Test]
    public void Both_paths_are_heavy_while_both_are_used()
    {
        string[] seen = Scenes.Seen(Scenes.Installed, 80, 24);
        Assert.That(seen, Has.Some.Contains("1┣━┳━━ detour ━━┳━┫5"));
        Assert.That(seen, Has.Some.Contains("4┣━┛ direct"));
    }

    [Test]
    public void The_detour_is_light_while_all_flows_go_straight()
    {
        string[] seen = Scenes.Seen(Scenes.Before, 80, 24);
        Assert.That(seen, Has.Some.Contains("1┣━┳── detour ──┬─"));
        Assert.That(seen, Has.Some.Contains("4┣━┛ direct"));
    }

    [Test]
    public void Where_nothing_moves_everything_is_light()
    {
        Readings still = Scenes.Switch();
        still = still with { Ports = [.. still.Ports.Select(p => p with { Moves = false })] };
        string picture = string.Join('\n', Scenes.Seen(Scenes.At(StoryPart.Before, "", 1, still), 80, 24));
        Assert.That(picture, Does.Contain("── 1├─┬── detour ──┬─┤5 ──").And.Not.Contain("━"));
    }

    [Test]
    public void Before_NetServ_runs_the_picture_does_not_show_it_running()
    {
        string picture = string.Join('\n', Scenes.Seen(Scenes.At(StoryPart.Control, "", 0, Scenes.Switch()), 80, 24));
        Assert.That(picture, Does.Contain("no NetServ yet").And.Not.Contain("PacketIn "));
        Assert.That(picture, Does.Contain(" · 1 ").And.Not.Contain("▶").And.Not.Contain("✓"));
    }

    [TestCase(StoryPart.Setup, 1, "alice ━SETUP━┫")]
    [TestCase(StoryPart.Setup, 2, "alice ─SETUP─┤")]
    [TestCase(StoryPart.Remove, 6, "alice ━REMOVE┫")]
    [TestCase(StoryPart.Remove, 7, "alice ─REMOVE┤")]
    public void A_request_is_on_its_way_until_its_step_is_told(object part, int told, string request) =>
        Assert.That(Scenes.Seen(Scenes.At((StoryPart)part, "", told, Scenes.Switch()), 80, 24), Has.Some.StartsWith($" {request}"));

    [Test]
    public void Between_the_requests_none_is_shown() =>
        Assert.That(Scenes.Seen(Scenes.Installed, 80, 24), Has.None.Contains("alice"));

    [TestCase(80, 24)]
    [TestCase(120, 40)]
    [TestCase(80, 18)]
    [TestCase(79, 30)]
    [TestCase(300, 100)]
    public void All_steps_are_seen_wherever_they_fit(int width, int height)
    {
        string[] seen = Scenes.Seen(Scenes.Installed, width, height);
        for (int step = 1; step <= 7; step++)
            Assert.That(seen, Has.Some.Match($"^ [✓▶·] {step} "));
    }

    [Test]
    public void No_size_makes_the_picture_wrap_or_scroll([Values(1, 2, 20, 60, 79, 80, 99, 100, 113, 250)] int width, [Values(1, 2, 9, 17, 18, 19, 24, 33, 60)] int height)
    {
        string[] seen = Scenes.Seen(Scenes.At(StoryPart.Setup, new string('x', 300), 3, Scenes.Switch(20, 16)), width, height);
        Assert.That(seen, Has.Length.EqualTo(height));
        Assert.That(seen[0], Does.StartWith(width >= 20 ? " start" : ""));
    }

    [Test]
    public void Ports_that_do_not_fit_are_counted_together()
    {
        string[] seen = Scenes.Seen(Scenes.At(StoryPart.Installed, "", 5, Scenes.Switch(hosts: 4, nodes: 16)), 80, 24);
        Assert.That(seen, Has.Some.Contains("node3"));
        Assert.That(seen, Has.Some.Matches(@"39130 +52130 13 mo. +78$"));
        Assert.That(Scenes.Seen(Scenes.At(StoryPart.Installed, "", 5, Scenes.Switch(hosts: 4, nodes: 16)), 120, 40), Has.Some.Contains("node16"));
    }

    [Test]
    public void A_text_that_is_too_long_ends_with_a_sign_for_the_rest()
    {
        StoryState state = new(TimeProvider.System);
        state.Add(new string('e', 200), ofController: true);
        Scene scene = new() { Elapsed = default, Telling = state.Read(), Readings = Readings.None };
        Assert.That(Scenes.Seen(scene, 80, 24), Has.Some.Match("^ +0.00 s  e{68}…$"));
    }

    [Test]
    public void A_step_whose_time_is_over_is_marked()
    {
        StoryState state = new(TimeProvider.System);
        state.Begin(StoryPart.Installed, "");
        state.Step(1, "not seen: the switch connects", happened: false);
        Scene scene = new() { Elapsed = default, Telling = state.Read(), Readings = Readings.None };
        Assert.That(Scenes.Seen(scene, 80, 24), Has.Some.StartsWith(" ✗ 1 not seen"));
    }

    [Test]
    public void Without_Unicode_every_character_has_seven_bits_and_lit_wires_still_differ()
    {
        string picture = string.Join('\n', Scenes.Seen(Scenes.Before, 80, 24, Glyphs.Ascii));
        Assert.That(picture.Where(c => c > 126), Is.Empty);
        Assert.That(picture, Does.Contain("== 1#=#-- detour --+-"));
        Assert.That(picture, Does.Contain(" x 1 told").And.Contain(" . 2 "));
    }

    [TestCase(80)]
    [TestCase(99)]
    [TestCase(120)]
    public void The_controllers_counts_stay_in_their_box_beside_the_user(int width)
    {
        Readings busy = Scenes.Switch() with { Controller = new ControllerReading(90_000, 90_000, 90_000, true) };
        Assert.That(Scenes.Seen(Scenes.At(StoryPart.Remove, "", 6, busy), width, 30), Has.Some.Match("^ alice ━REMOVE━*┫ *PacketIn 90000  PacketOut 90000  FlowMod 90000 *│$"));
    }

    [Test]
    public void Large_counts_do_not_break_the_columns()
    {
        Readings large = Scenes.Switch();
        large = large with { Ports = [.. large.Ports.Select(p => p with { In = 123_456_789, Out = 999_999 })] };
        Assert.That(Scenes.Seen(Scenes.At(StoryPart.Installed, "", 5, large), 80, 24), Has.Some.Matches(@"^ phone 1 +123\.5M 999999 ━━ 1┣"));
    }
}

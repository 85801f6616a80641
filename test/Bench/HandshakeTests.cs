using NetServ.Benchmarks.Channel;
using NetServ.OpenFlow;

namespace NetServ.Bench.Tests;

/// <summary>Controllers that come to terms with a switch, and those that do not.</summary>
public class HandshakeTests
{
    [Test]
    public void Connect_only_tells_how_long_all_handshakes_took()
    {
        BenchProgram run = BenchProgram.Against(new TrivialManners(), "--connect-only", "--switches", "200", "--idle", "50");
        Assert.That(run.Exit, Is.Zero, run.Errors);
        Assert.That(run.Result.GetProperty("connect").GetProperty("switches").GetInt32(), Is.EqualTo(200));
        Assert.That(run.Result.GetProperty("connect").GetProperty("sign").GetString(), Is.EqualTo("BARRIER_REQUEST"));
        Assert.That(run.Result.GetProperty("connect").GetProperty("milliseconds").GetDouble(), Is.Positive);
    }

    [Test]
    public void Without_a_barrier_a_first_answer_ends_the_handshake()
    {
        BenchProgram run = BenchProgram.Against(new TrivialManners { SendsBarrier = false });
        Assert.That(run.Result.GetProperty("connect").GetProperty("sign").GetString(), Does.Contain("PACKET_IN"));
        Assert.That(run.Total("unanswered"), Is.Zero);
    }

    [Test]
    public void A_switch_answers_all_that_a_controller_may_ask()
    {
        TrivialController controller = new(new TrivialManners { IsCurious = true });
        BenchProgram run = BenchProgram.Against(controller, "--connect-only", "--switches", "1");
        controller.Dispose();
        Assert.That(run.Exit, Is.Zero, run.Errors);
        Assert.That(controller.Heard, Is.SupersetOf((MessageKind[])
        [
            MessageKind.FeaturesReply, MessageKind.GetConfigReply, MessageKind.DescStatsReply, MessageKind.FlowStatsReply, MessageKind.AggregateStatsReply, MessageKind.TableStatsReply,
            MessageKind.PortStatsReply, MessageKind.QueueStatsReply, MessageKind.QueueGetConfigReply, MessageKind.NiciraRoleReply, MessageKind.EchoReply, MessageKind.BarrierReply,
        ]));
        Assert.That(controller.Heard, Has.No.Member(MessageKind.Error));
    }

    [Test]
    public void A_controller_of_another_version_is_named()
    {
        BenchProgram run = BenchProgram.Against(new TrivialManners { Version = 4 });
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.Errors, Does.Contain("speaks OpenFlow version 0x04 and not 1.0"));
    }

    [Test]
    public void A_controller_that_leaves_is_named_with_the_moment()
    {
        Assert.That(BenchProgram.Against(new TrivialManners { ClosesAtHello = true }).Errors, Does.Match("closed the connection to switch .* before its HELLO"));
        Assert.That(BenchProgram.Against(new TrivialManners { ClosesAfter = 1000 }).Errors, Does.Match("(closed|broke) the connection.* to switch [0-2] .*after [0-9]+ PACKET_INs"));
    }

    [Test]
    public void A_port_where_nobody_listens_is_named()
    {
        string nobody = BenchProgram.Nobody().ToString();
        BenchProgram run = BenchProgram.Run("--target", nobody);
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.Errors, Does.Contain($"cannot connect to {nobody}").And.Contain("is a controller listening there?"));
    }

    [Test]
    public void A_listener_that_says_nothing_is_no_controller()
    {
        BenchProgram run = BenchProgram.Against(new TrivialManners { IsMute = true });
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.Errors, Does.Contain("sends no HELLO within 5 s"));
    }
}

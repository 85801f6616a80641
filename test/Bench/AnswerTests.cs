using NetServ.Benchmarks.Channel;

namespace NetServ.Bench.Tests;

/// <summary>What counts as an answer, against a controller whose answers are known.</summary>
public class AnswerTests
{
    [TestCase("throughput", "none")]
    [TestCase("throughput", "256")]
    [TestCase("latency", "none")]
    [TestCase("latency", "256")]
    public void A_controller_that_answers_all_has_answered_all(string mode, string buffers)
    {
        BenchProgram run = BenchProgram.Against(new TrivialManners(), "--mode", mode, "--buffers", buffers);
        Assert.That(run.Exit, Is.Zero, run.Errors);
        Assert.That(run.Total("packetIns"), Is.GreaterThan(100));
        Assert.That(run.Total("unanswered"), Is.Zero);
        Assert.That(run.Total("surplus"), Is.Zero);
        Assert.That(run.Total("packetOuts") - run.Total("others"), Is.EqualTo(run.Total("answers")));
        Assert.That(run.Result.GetProperty("main").GetProperty("median").GetDouble(), Is.Positive);
    }

    [Test]
    public void A_controller_that_answers_every_second_has_answered_half()
    {
        BenchProgram run = BenchProgram.Against(new TrivialManners { AnswersOneOf = 2 });
        Assert.That(run.Total("packetIns"), Is.GreaterThan(1000));
        // The odd one out of each switch is answered.
        Assert.That(run.Total("answers") * 2 - run.Total("packetIns"), Is.InRange(0, 3));
    }

    [Test]
    public void In_latency_mode_a_packet_without_an_answer_holds_its_switch_up_for_a_second_only()
    {
        BenchProgram run = BenchProgram.Against(new TrivialManners { AnswersOneOf = 2 }, "--mode", "latency", "--duration", "0.8");
        Assert.That(run.Total("answers"), Is.GreaterThan(3));
        Assert.That(run.Total("unanswered"), Is.InRange(3, run.Total("answers")));
    }

    [Test]
    public void A_FLOW_MOD_with_its_PACKET_OUT_is_one_answer([Values("none", "256")] string buffers)
    {
        BenchProgram run = BenchProgram.Against(new TrivialManners { SendsFlowMod = true }, "--buffers", buffers);
        Assert.That(run.Total("answers"), Is.EqualTo(run.Total("packetIns")));
        Assert.That(run.Total("flowMods"), Is.EqualTo(run.Total("packetOuts")));
        Assert.That(run.Total("surplus"), Is.Zero);
    }

    [Test]
    public void A_FLOW_MOD_that_names_the_buffer_is_an_answer()
    {
        BenchProgram run = BenchProgram.Against(new TrivialManners { SendsFlowMod = true, SendsPacketOut = false }, "--buffers", "16");
        Assert.That(run.Total("answers"), Is.EqualTo(run.Total("packetIns")));
        Assert.That(run.Total("packetOuts"), Is.Zero);
    }

    [Test]
    public void A_FLOW_MOD_that_forwards_no_packet_is_none()
    {
        BenchProgram run = BenchProgram.Against(new TrivialManners { SendsFlowMod = true, SendsPacketOut = false });
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.Errors, Does.Match("answered none of [0-9]+ PACKET_INs"));
    }

    [Test]
    public void A_second_answer_to_a_packet_is_surplus()
    {
        BenchProgram run = BenchProgram.Against(new TrivialManners { Repeats = 2 }, "--mode", "latency");
        Assert.That(run.Total("answers"), Is.EqualTo(run.Total("packetIns")));
        Assert.That(run.Total("surplus"), Is.EqualTo(run.Total("packetIns")));
    }

    [Test]
    public void Freed_buffers_and_LLDP_frames_are_told_apart()
    {
        BenchProgram run = BenchProgram.Against(new TrivialManners { ReleasesBuffer = true, SendsLldp = true }, "--buffers", "16");
        long announced = 3 * 20;
        Assert.That(run.Total("answers"), Is.EqualTo(run.Total("packetIns")));
        Assert.That(run.Total("releases"), Is.EqualTo(run.Total("packetIns") + announced));
        Assert.That(run.Total("others"), Is.EqualTo(run.Total("packetIns") + 2 * announced));
    }

    [Test]
    public void A_controller_that_answers_nothing_is_named()
    {
        BenchProgram run = BenchProgram.Against(new TrivialManners { AnswersOneOf = 0 });
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.Errors, Does.Match("answered none of [1-9][0-9]+ PACKET_INs \\(0 FLOW_MODs, 0 PACKET_OUTs came\\)"));
    }
}

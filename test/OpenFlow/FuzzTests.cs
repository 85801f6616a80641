using NetServ.Fuzz;
using NetServ.Fuzz.Targets;

namespace NetServ.OpenFlow.Tests;

public class FuzzTests
{
    [Test]
    [Category("Fuzz")]
    public void Thirty_seconds_of_spoiled_messages_give_typed_errors_only()
    {
        FuzzReport report = FuzzLoop.Run([new OpenFlowTarget(1)], TimeSpan.FromSeconds(30), seed: 1, TimeProvider.System);
        TestContext.Out.WriteLine($"{report.Executions} executions");
        Assert.That(report.Findings, Is.Empty);
        Assert.That(report.Executions, Is.GreaterThan(10_000));
    }

    [Test]
    public void A_target_that_throws_is_found_with_its_input()
    {
        FuzzReport report = FuzzLoop.Run([new Fragile()], TimeSpan.FromSeconds(30), seed: 1, TimeProvider.System);
        Assert.That(report.Findings, Has.Count.GreaterThanOrEqualTo(20));
        Assert.That(report.Findings, Has.All.Matches<Finding>(finding => finding is { Input.Length: > 4, Target: "fragile" }));
    }

    private sealed class Fragile : IFuzzTarget
    {
        public string Name => "fragile";

        public int Generate(Random random, Span<byte> buffer) => 4;

        public void Run(ReadOnlySpan<byte> input)
        {
            if (input.Length > 4)
                throw new InvalidOperationException();
        }
    }
}

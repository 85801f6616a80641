using NetServ.Node.Containers.Lifecycle;
using NetServ.Node.Containers.Rehearsals;

namespace NetServ.Node.Tests.Containers;

public class RehearsalTests
{
    [Test]
    public async Task A_rehearsal_goes_through_the_whole_life_of_a_module()
    {
        IReadOnlyList<ModuleStatus> reports = await Rehearsal.RunAsync(TimeProvider.System);
        Assert.That(reports.Select(r => r.Phase), Is.EqualTo((ModulePhase[])[ModulePhase.Installing, ModulePhase.Active, ModulePhase.Stopping, ModulePhase.Removed]));
        Assert.That(reports.Select(r => r.Refusal?.Text), Is.All.Null);
    }
}

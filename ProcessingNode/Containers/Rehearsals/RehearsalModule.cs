using System.Reflection;
using NetServ.Modules.Abstractions;

[assembly: AssemblyMetadata("NetServEntryClass", "NetServ.Node.Containers.Rehearsals.RehearsalModule")]

namespace NetServ.Node.Containers.Rehearsals;

/// <summary>What <see cref="Rehearsal"/> installs: passes every packet.</summary>
public sealed class RehearsalModule : IModule
{
    /// <inheritdoc/>
    public void Start(ModuleContext context)
    {
    }

    /// <inheritdoc/>
    public Verdict Process(ref Packet packet, IEmitter emitter) => Verdict.Pass;

    /// <inheritdoc/>
    public void Stop()
    {
    }
}

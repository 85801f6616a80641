using NetServ.Packets;

namespace NetServ.Modules.Abstractions;

/// <summary>What a module gets when it starts; it may keep it until it stops.</summary>
/// <param name="Properties">The request's <c>properties</c>, by name; names are compared exactly.</param>
/// <param name="Log">Takes one line of text, from any thread. Never call it per packet.</param>
/// <param name="Time">The clock to use, for timers and stamps alike.</param>
public sealed record ModuleContext(IReadOnlyDictionary<string, string> Properties, Action<string> Log, TimeProvider Time)
{
    /// <summary>
    /// Calls a flow back that was released (<see cref="Packet.Release"/>): its packets come to the node again. From any thread; takes effect when the
    /// switch knows. Never call it per packet.
    /// </summary>
    public Action<FiveTuple> Recall { get; init; } = _ => { };
}

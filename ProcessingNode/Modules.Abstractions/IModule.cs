using System.Collections.ObjectModel;

namespace NetServ.Modules.Abstractions;

/// <summary>
/// Code that a user sends into the network. A bundle names one class with a public constructor without parameters that implements this.
/// <para>Life cycle: constructor, <see cref="Start"/> once, <see cref="Process"/> once per packet of the module's filter, <see cref="Stop"/> once.
/// <see cref="Process"/> is never called before <see cref="Start"/> has returned, nor after <see cref="Stop"/> began, nor by two threads at a time.</para>
/// <para>An exception from the constructor or from <see cref="Start"/> means that the module is not installed and <see cref="Stop"/> is not called.
/// One from <see cref="Process"/> is counted; that packet then passes as it was received, or is dropped if the request asked for fail-closed,
/// and after a number of them in a row the module is stopped and reported as failed.</para>
/// </summary>
public interface IModule
{
    /// <summary>Prepares the module. It must return within seconds; anything it starts itself (timers, threads) is ended by <see cref="Stop"/>.</summary>
    void Start(ModuleContext context);

    /// <summary>
    /// Looks at one packet, and may change it in place. No reference to the packet or to the emitter outlives the call, and the call does not
    /// block: every packet behind it waits.
    /// </summary>
    Verdict Process(ref Packet packet, IEmitter emitter);

    /// <summary>Ends everything that <see cref="Start"/> began, so that the module's code can be unloaded.</summary>
    void Stop();

    /// <summary>
    /// Named counters, reported to the controller with every heartbeat. Called from another thread while <see cref="Process"/> may run; returns a
    /// copy. A module without counters leaves this out.
    /// </summary>
    IReadOnlyDictionary<string, long> ReadCounters() => ReadOnlyDictionary<string, long>.Empty;
}

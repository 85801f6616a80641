using NetServ.Node.Containers.Bundles;
using NetServ.Node.Containers.Inline;
using NetServ.Node.DataPath.Classification;

namespace NetServ.Node.Containers.Lifecycle;

/// <summary>One installed module: what was asked for, what runs, and whether it still does.</summary>
internal sealed class InstalledModule(InstallCommand command, Bundle bundle, StartedModule started, ModuleInstance instance)
{
    public InstallCommand Command { get; set; } = command;

    public Bundle Bundle => bundle;

    public ModuleInstance Instance => instance;

    /// <summary>Why it failed; null while it works.</summary>
    public InstallRefusal? Failure { get; set; }

    public FilterFate Fate => Failure is null ? FilterFate.Process : Command.FailClosed ? FilterFate.Drop : FilterFate.PassUnprocessed;

    /// <summary>Stops the module once no packet can reach it any more.</summary>
    public string? Stop()
    {
        instance.Release();
        return started.Stop();
    }
}

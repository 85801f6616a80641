using NetServ.Modules.Abstractions;

namespace NetServ.Node.Containers.Lifecycle;

/// <summary>A module that runs, and the code it runs. After <see cref="Stop"/> nothing here refers to either, so that the code can be collected.</summary>
internal sealed class StartedModule(IModule module, ModuleLoadContext code)
{
    private ModuleLoadContext? _code = code;

    public IModule? Module { get; private set; } = module;

    /// <summary>Stops the module and lets go of its code. Returns what it threw, in words, if it did.</summary>
    public string? Stop()
    {
        string? fault = null;
        try
        {
            Module?.Stop();
        }
        catch (Exception e)
        {
            fault = $"{e.GetType().Name}: {e.Message}";
        }
        Module = null;
        _code?.Unload();
        _code = null;
        return fault;
    }
}

using System.Reflection;
using System.Runtime.CompilerServices;
using NetServ.Modules.Abstractions;
using NetServ.Node.Containers.Bundles;

namespace NetServ.Node.Containers.Lifecycle;

/// <summary>Loads a bundle's code and starts its module; whatever fails, nothing stays loaded.</summary>
internal static class ModuleStarter
{
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(10);

    public static async Task<Outcome<StartedModule>> StartAsync(Bundle bundle, ModuleContext context)
    {
        ModuleLoadContext code = new(bundle);
        try
        {
            IModule module = await Task.Run(() => Start(code, bundle, context)).WaitAsync(s_startTimeout, context.Time).ConfigureAwait(false);
            return new StartedModule(module, code);
        }
        catch (TimeoutException)
        {
            code.Unload();
            return Failed(bundle, $"did not return from Start within {s_startTimeout.TotalSeconds} s");
        }
        catch (Exception e)
        {
            code.Unload();
            return Failed(bundle, Describe(e));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IModule Start(ModuleLoadContext code, Bundle bundle, ModuleContext context)
    {
        Type type = code.LoadMain().GetType(bundle.EntryClass)
            ?? throw new TypeLoadException($"its assembly has no class {bundle.EntryClass}");
        if (!typeof(IModule).IsAssignableFrom(type))
            throw new TypeLoadException($"class {bundle.EntryClass} does not implement IModule");
        IModule module = (IModule)Activator.CreateInstance(type)!;
        module.Start(context);
        return module;
    }

    private static InstallRefusal Failed(Bundle bundle, string how) =>
        new(InstallError.ModuleStartFailed, $"url: module {bundle.ModuleId} {how}; mend the module or its properties.");

    private static string Describe(Exception e)
    {
        Exception cause = e is TargetInvocationException { InnerException: Exception inner } ? inner : e;
        string message = cause.Message.ReplaceLineEndings(" ").TrimEnd('.');
        return $"threw {cause.GetType().Name} while starting ({message})";
    }
}

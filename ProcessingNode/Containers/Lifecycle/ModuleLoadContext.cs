using System.Reflection;
using System.Runtime.Loader;
using NetServ.Modules.Abstractions;
using NetServ.Node.Containers.Bundles;
using NetServ.Packets;

namespace NetServ.Node.Containers.Lifecycle;

/// <summary>
/// Loads a bundle's assemblies, all of them from the verified bytes. Shared with the node are the module interface, NetServ.Packets and the framework;
/// whatever else the module uses comes from its bundle or not at all.
/// </summary>
internal sealed class ModuleLoadContext(Bundle bundle) : AssemblyLoadContext(bundle.ModuleId, isCollectible: true)
{
    private static readonly Dictionary<string, Assembly> s_shared = new[] { typeof(IModule).Assembly, typeof(Ipv4Address).Assembly }
        .ToDictionary(a => a.GetName().Name!);

    public Assembly LoadMain() => LoadFromAssemblyName(new AssemblyName(bundle.MainAssembly));

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name ?? "";
        if (s_shared.TryGetValue(name, out Assembly? shared))
            return shared;
        if (bundle.Assemblies.TryGetValue(name, out byte[]? image))
            return LoadFromStream(new MemoryStream(image, writable: false));
        if (IsFramework(name))
            return null;
        throw new FileNotFoundException($"assembly {name} is not in the bundle");
    }

    // The node's own assemblies and those of its packages are none of a module's business.
    private static bool IsFramework(string name) =>
        name is "mscorlib" or "netstandard" or "System" or "WindowsBase" || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal);
}

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetServ.Ports;

/// <summary>The two functions of libpcap that SharpPcap does not offer.</summary>
internal static class LibPcap
{
    internal const int DirectionIn = 1;
    private const string Library = "netserv-libpcap";
    private static readonly string[] FileNames = ["libpcap.so.1", "libpcap.so.0.8", "libpcap.so", "libpcap.dylib"];

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "The resolver must be there before the first call.")]
    internal static void Initialize() => NativeLibrary.SetDllImportResolver(typeof(LibPcap).Assembly, Resolve);

    [DllImport(Library, EntryPoint = "pcap_setdirection")]
    internal static extern int SetDirection(SafeHandle handle, int direction);

    [DllImport(Library, EntryPoint = "pcap_get_selectable_fd")]
    internal static extern int SelectableDescriptor(SafeHandle handle);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
            return 0;
        foreach (string file in FileNames)
        {
            if (NativeLibrary.TryLoad(file, assembly, path, out nint handle))
                return handle;
        }
        return 0;
    }
}

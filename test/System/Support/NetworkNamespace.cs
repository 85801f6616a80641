using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NetServ.System.Tests.Support;

/// <summary>A network of its own on this machine: what happens on its cables and its loopback nobody else sees. Root and iproute2 are needed.</summary>
internal sealed class NetworkNamespace : IDisposable
{
    private const int NewNetwork = 0x4000_0000;

    private readonly string _name = $"ns{Environment.ProcessId}-{Guid.NewGuid():N}"[..15];

    /// <summary>Makes one, or skips the running test with the reason.</summary>
    public NetworkNamespace()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Ignore("a network namespace needs root");
        ExternalTool.Require("ip");
        ExternalTool.Run("ip", "netns", "add", _name);
        Ip("link", "set", "lo", "up");
        // Without addresses of its own the kernel says nothing on the cables.
        Within(() => File.WriteAllText("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1"));
    }

    /// <summary>Runs iproute2's ip in it.</summary>
    public void Ip(params IEnumerable<string> arguments) => ExternalTool.Run("ip", ["-n", _name, .. arguments]);

    /// <summary>Runs a program in it to its good end; the lines of its standard output.</summary>
    public string[] Run(string program, params IEnumerable<string> arguments) => Within(() => ExternalTool.Run(program, arguments));

    /// <summary>Runs something on a thread that is in it: the sockets it opens and the processes it starts stay there.</summary>
    public T Within<T>(Func<T> work)
    {
        T? result = default;
        Exception? fault = null;
        Thread thread = new(() =>
        {
            try
            {
                Enter();
                result = work();
            }
            catch (Exception e)
            {
                fault = e;
            }
        });
        thread.Start();
        thread.Join();
        return fault is null ? result! : throw new InvalidOperationException(fault.Message, fault);
    }

    /// <inheritdoc/>
    public void Dispose() => ExternalTool.Run("ip", "netns", "del", _name);

    private void Within(Action work) => Within(() =>
    {
        work();
        return true;
    });

    private void Enter()
    {
        using SafeFileHandle file = File.OpenHandle($"/run/netns/{_name}");
        if (SetNamespace(file, NewNetwork) < 0)
            throw new IOException($"cannot enter network namespace {_name}: error {Marshal.GetLastPInvokeError()}");
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static extern int SetNamespace(SafeHandle file, int kind);
}

using System.Diagnostics;

namespace NetServ.Ports.Tests;

/// <summary>Two network interfaces joined by a cable, removed afterwards. The kernel is kept from speaking on them.</summary>
internal sealed class VethPair : IDisposable
{
    private VethPair(string a, string b)
    {
        A = a;
        B = b;
    }

    internal string A { get; }

    internal string B { get; }

    /// <summary>Makes the pair, or skips the running test with the reason.</summary>
    internal static VethPair MakeOrSkip()
    {
        string id = $"{Environment.ProcessId % 100000}{(char)('a' + TestContext.CurrentContext.Random.Next(26))}";
        VethPair pair = new($"nsa{id}", $"nsb{id}");
        if (!Run("ip", $"link add {pair.A} type veth peer name {pair.B}", out string error))
            Assert.Ignore($"cannot make a veth pair (root and iproute2 are needed): {error}");
        foreach (string name in (string[])[pair.A, pair.B])
        {
            // Without addresses of its own the kernel sends nothing.
            Run("ip", $"link set {name} addrgenmode none", out _);
            Run("ip", $"link set {name} up", out _);
        }
        return pair;
    }

    internal void Set(string name, string what) => Assert.That(Run("ip", $"link set {name} {what}", out string error), Is.True, error);

    /// <summary>Runs ip with these arguments.</summary>
    internal void Configure(string arguments) => Assert.That(Run("ip", arguments, out string error), Is.True, error);

    public void Dispose() => Run("ip", $"link del {A}", out _);

    private static bool Run(string program, string arguments, out string error)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            error = e.Message;
            return false;
        }
    }
}

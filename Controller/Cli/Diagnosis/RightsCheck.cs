using System.Globalization;
using System.Net.Sockets;

namespace NetServ.Cli.Diagnosis;

/// <summary>Looks at what this process may do with the network.</summary>
internal static class RightsCheck
{
    private const int CapNetAdmin = 12;
    private const int CapSysAdmin = 21;
    private const string ElseSockets = "run as root, or use unix: ports, which need no rights";

    /// <summary>Whether a packet socket can be opened, as veth: ports do.</summary>
    internal static Finding PacketSocket()
    {
        const string Name = "packet sockets";
        if (!OperatingSystem.IsLinux())
            return new Finding(Name, Severity.Note, "only Linux has them; veth: ports do not work here", "use unix: ports");
        try
        {
            // Protocol 0: it receives nothing.
            using Socket socket = new(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified);
            return new Finding(Name, Severity.Ok, "AF_PACKET can be opened");
        }
        catch (SocketException e)
        {
            return new Finding(Name, Severity.Note, $"AF_PACKET cannot be opened ({e.SocketErrorCode}); needed for ports on network interfaces", $"give the program CAP_NET_RAW, {ElseSockets}");
        }
    }

    /// <summary>Whether network namespaces can be made, as tests on a real Open vSwitch kernel path do.</summary>
    internal static Finding Namespaces()
    {
        const string Name = "network namespaces";
        if (!OperatingSystem.IsLinux())
            return new Finding(Name, Severity.Note, "only Linux has them", "use unix: ports");
        if (HasCapability(CapSysAdmin) && HasCapability(CapNetAdmin))
            return new Finding(Name, Severity.Ok, "can be made");
        bool byUsers = Number("/proc/sys/user/max_user_namespaces", absent: 0) > 0
            && Number("/proc/sys/kernel/unprivileged_userns_clone", absent: 1) != 0
            && Number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", absent: 0) == 0;
        return byUsers
            ? new Finding(Name, Severity.Ok, "can be made within a user namespace")
            : new Finding(Name, Severity.Note, "cannot be made by this user; needed for virtual interfaces", ElseSockets);
    }

    private static bool HasCapability(int number)
    {
        const string Effective = "CapEff:";
        string? line = ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Effective, StringComparison.Ordinal));
        return line is not null
            && ulong.TryParse(line.AsSpan(Effective.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong set)
            && (set >> number & 1) != 0;
    }

    private static long Number(string file, long absent) =>
        long.TryParse(ReadLines(file).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : absent;

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

using System.Net.Sockets;
using System.Text;

namespace NetServ.Ports;

/// <summary>What must hold of the path of a Unix socket.</summary>
internal static class UnixPaths
{
    // sockaddr_un.sun_path less its final zero.
    internal const int MaxBytes = 107;

    internal static void Check(string name, string path)
    {
        int bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes > MaxBytes)
            throw new PortException($"port {name}: the socket path has {bytes} bytes, the system allows {MaxBytes}; choose a shorter directory");
    }

    /// <summary>Removes a socket that nobody listens at any more; refuses if somebody does, or if it is no socket.</summary>
    internal static void RemoveStale(string name, string path)
    {
        string? directory = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(directory))
            throw new PortException($"port {name}: the directory {directory} does not exist; create it first");
        if (!Path.Exists(path))
            return;
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && IsEmpty(path))
        {
            File.Delete(path);
            return;
        }
        catch (SocketException e)
        {
            throw new PortException($"port {name}: {path} exists and is not a free socket ({e.Message}); remove it or choose another path", e);
        }
        throw new PortException($"port {name}: somebody listens at {path} already; stop that program or choose another path");
    }

    // Connecting to a regular file is refused as well; a socket has no length, and a file that has one must not be deleted.
    private static bool IsEmpty(string path) => new FileInfo(path).Length == 0 && (File.GetAttributes(path) & FileAttributes.Directory) == 0;
}
